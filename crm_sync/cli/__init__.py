"""Commands and sentences: the only room that prints."""
