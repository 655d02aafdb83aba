"""What reaches the server: from whom, how much of it, in which order."""
