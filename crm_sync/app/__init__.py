"""The use cases: what a command does, without saying it."""
