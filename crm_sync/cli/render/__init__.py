"""Values in, text and JSON out: nothing here reads, asks or prints."""
