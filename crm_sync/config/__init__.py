"""Settings, from the environment so far, checked before anything else is touched."""
