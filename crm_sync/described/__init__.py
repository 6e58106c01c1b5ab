"""Connectors made of descriptions: YAML files on this disk become kinds that read exports."""

from crm_sync.described.connector import Described
from crm_sync.described.folders import Descriptions, load_folder

__all__ = ["Described", "Descriptions", "load_folder"]
