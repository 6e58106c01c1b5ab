"""Cutting long sequences to the size that a CRM takes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(entries: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Return the entries in runs of at most *size*, in order."""
    return (entries[start : start + size] for start in range(0, len(entries), size))
