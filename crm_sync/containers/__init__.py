"""Bytes -> raw tables: which container a file is, and what its cells hold."""

from crm_sync.containers.files import digest_of
from crm_sync.containers.limits import DEFAULT_LIMITS, Limits, limits_of
from crm_sync.containers.opened import Opened, only_table
from crm_sync.containers.opening import open_document

__all__ = ["DEFAULT_LIMITS", "Limits", "Opened", "digest_of", "limits_of", "only_table", "open_document"]
