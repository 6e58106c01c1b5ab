"""Settings from the configuration file and the environment, checked before anything else is touched."""
