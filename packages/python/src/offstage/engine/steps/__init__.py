"""The meaning of each step of the vocabulary."""
