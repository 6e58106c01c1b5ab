"""From raw cells to applications: pure understanding, no I/O."""
