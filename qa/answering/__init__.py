"""From what was found to the answer: what is read, what decides, what is said of a refusal."""
