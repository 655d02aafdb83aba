"""A training run: its settings, folder and loop, the weights, and what they reach."""
