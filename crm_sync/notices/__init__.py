"""Telling people elsewhere: webhooks, Slack, mail and more, and a switch that notices our silence."""
