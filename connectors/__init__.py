"""The connectors that come with crm-sync, reached by entry points only."""
