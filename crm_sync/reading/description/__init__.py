"""Declarative connectors: what a product's export is, told in YAML, and the engine that reads by it."""

from crm_sync.reading.description.forms import Description
from crm_sync.reading.description.parsing import parse
from crm_sync.reading.description.signature import Verdict, recognise
from crm_sync.reading.description.understanding import Understood, understand_by

__all__ = ["Description", "Understood", "Verdict", "parse", "recognise", "understand_by"]
