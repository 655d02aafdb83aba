"""The retriever in training: batches, task, measure, export."""
