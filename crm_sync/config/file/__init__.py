"""What ``crm-sync.yaml`` may hold, key by key; the JSON Schema and the documentation come from here."""

from crm_sync.config.file.whole import ConfigFile

__all__ = ["ConfigFile"]
