"""The command line: words in, sentences and JSON out; every command opens a door and renders a value."""
