"""The files of a reader's folder, beside ``config.json`` and the tokenizer."""

__all__ = ["READER_FILE", "WEIGHTS_FILE"]

READER_FILE = "reader.json"
"""Marks a folder as a reader's; holds the lengths of its windows."""

WEIGHTS_FILE = "reader.safetensors"
