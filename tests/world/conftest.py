"""These worlds are small; their applications are written out few at once, as large lists are."""

from __future__ import annotations

import pytest

from crm_sync.app import apply


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write out two new applications at once."""
    monkeypatch.setattr(apply, "AT_ONCE", 2)
