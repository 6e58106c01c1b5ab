"""Turns job applications into follow-up calls that really get made."""

__version__ = "0.1.0"
