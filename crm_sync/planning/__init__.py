"""What should be, what is, and what to do about it: pure thinking, no I/O."""
