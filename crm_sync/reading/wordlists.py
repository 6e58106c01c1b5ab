"""Word lists of the package: one word a line, remarks behind a hash."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list in the package's data."""
    content = (files("crm_sync.reading") / "data" / name).read_text("utf-8")
    return frozenset(
        line.strip() for line in content.splitlines() if line.strip() and not line.startswith("#")
    )
