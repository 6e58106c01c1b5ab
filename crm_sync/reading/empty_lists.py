"""Answers and exports that hold an empty list, and nothing that could be anything else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from crm_sync.reading.texts import header_key

TOLD = "the list is empty: there are no applications in it"
_LISTS = frozenset(
    {
        "results", "data", "content", "value", "values", "items", "records", "rows", "entries", "elements",
        "list", "d", "applications", "application", "candidates", "candidate", "applicants", "opportunities",
        "prospects", "workflows", "placements", "jobs",
    }
)  # fmt: skip
_TOTALS = frozenset(
    {
        "total", "totals", "total count", "total found", "total results", "total elements", "total records",
        "total items", "total pages", "page count", "record count", "result count", "count", "found", "size",
        "number of elements",
    }
)  # fmt: skip
_PLACES = frozenset(
    {
        "limit", "offset", "page", "per page", "page size", "page number", "number", "skip", "start", "top",
        "sync token", "odata context", "context", "self", "first", "last", "url", "request id", "took",
    }
)  # fmt: skip
_MORE = frozenset(
    {
        "more", "has more", "more data available", "has next", "has next page", "next", "next cursor",
        "next page", "next url", "next link", "odata next link",
    }
)  # fmt: skip
_WELL = frozenset({"success", "ok", "pagination complete", "is last", "is last page"})
_AROUND = frozenset({"meta", "metadata", "paging", "pagination", "page", "links", "info", "cursor"})
_DEEPEST = 4


def is_empty_list(value: Any, lists: Collection[str] = (), levels: int = _DEEPEST) -> bool:
    """Say whether JSON is an empty list: ``[]``, pages of such, or an answer around one.

    Around the list may stand what counts and turns pages, and says that nothing is there and nothing more
    to come; anything else (a failure, a total that is not 0, another name) makes it no empty list. *lists*
    are more names of lists than those that anybody uses.
    """
    if isinstance(value, list):
        return levels > 0 and all(is_empty_list(page, lists, levels - 1) for page in value)
    if not isinstance(value, Mapping) or not levels:
        return False
    names = {key: header_key(key) for key in value}
    known = _LISTS | {header_key(name) for name in lists}
    held = [key for key, name in names.items() if name in known and isinstance(value[key], list | Mapping)]
    around = all(_says_nothing(names[key], value[key]) for key in value if key not in held)
    return bool(held) and around and all(is_empty_list(value[key], lists, levels - 1) for key in held)


def _says_nothing(name: str, value: Any) -> bool:
    """Say whether what stands beside a list leaves it the whole list, and empty."""
    if name in _WELL:
        return value is True
    if value is None or value in ("", [], {}) or (name in _MORE and value is False):
        return True
    if isinstance(value, Mapping):
        return name in _AROUND and all(_says_nothing(header_key(key), each) for key, each in value.items())
    if isinstance(value, list) or value is True:
        return False
    return name in _PLACES or (name in _TOTALS and value in (0, "0"))
