"""Other ways to bring the same rows into HubSpot, each in an environment of its own."""
