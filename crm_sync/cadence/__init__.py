"""When to call next, and with what in hand: pure rules, no clock, no I/O."""
