"""When nobody watches: the machine's own clockwork, told when to run us and asked when it will."""
