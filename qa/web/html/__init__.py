"""What the page shows of a visit, as HTML."""
