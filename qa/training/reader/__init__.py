"""The reader in training: examples, task, measure, export."""
