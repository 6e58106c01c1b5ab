"""Declarative connectors: what a product's export is, told in YAML, and the engine that reads by it.

``understanding`` and ``drafting`` load when they are first needed: most files are of no product's kind.
"""

from crm_sync.reading.description.forms import Description
from crm_sync.reading.description.parsing import parse
from crm_sync.reading.description.signature import Verdict, recognise

__all__ = ["Description", "Verdict", "parse", "recognise"]
