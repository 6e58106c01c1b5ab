"""The descriptions that come with crm-sync: the YAML files beside this one."""

from __future__ import annotations

from crm_sync.described import Descriptions

CONNECTORS = Descriptions("connectors")
