"""Put a configuration file and the files that it includes together, each part with its own place."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm_sync.config.documents import Document, read_document
from crm_sync.config.problems import Place, Problem, shown

SHARED = ("users", "crms", "cadences")
"""What an included file may hold; names must differ between files."""


def read_all(path: Path) -> tuple[Document, tuple[Path, ...]]:
    """Return the file with what it includes as one document, and the files it was made of."""
    whole = read_document(path)
    files = list(_included(whole))
    for file in files:
        _take_in(whole, read_document(file))
    return whole, (path, *files)


def _included(whole: Document) -> Iterator[Path]:
    told = whole.data.get("include")
    seen = {whole.path.resolve()}
    for pattern in told if isinstance(told, list) else [told]:
        if isinstance(pattern, str) and pattern:
            for file in _files(whole, pattern):
                if file.resolve() not in seen:
                    seen.add(file.resolve())
                    yield file


def _files(whole: Document, pattern: str) -> list[Path]:
    """Return the files of a pattern, sorted; a folder without any is fine, no folder is a problem."""
    named = whole.path.parent / Path(pattern).expanduser()
    if not glob.has_magic(pattern):
        found = sorted(named.glob("*.yaml")) if named.is_dir() else [named]
        missing = not named.exists()
    else:
        full = Path(glob.escape(str(whole.path.parent))) / Path(pattern).expanduser()
        found = sorted(Path(name) for name in glob.glob(str(full)))  # noqa: PTH207 - absolute patterns, too
        missing = not found and not glob.has_magic(Path(pattern).parent.name) and not named.parent.is_dir()
    if missing:
        what = f"there is no {shown(pattern)}"
        _complain(whole, ("include",), what, "Make it, or leave include: out.")
        return []
    return found


def _take_in(whole: Document, part: Document) -> None:
    """Add what the part holds to the whole; what may not stand in it is a problem."""
    whole.problems += part.problems
    for key, value in part.data.items():
        if key not in SHARED:
            hint = f"Write it in {whole.path.name}; an included file holds {', '.join(SHARED)}."
            _complain(part, (key,), "does not belong into an included file", hint, whole)
        elif isinstance(value, dict):
            _merge(whole, part, key, value)
        elif value is not None:
            _complain(part, (key,), "is no set of names with values", f"Write names below {key}:.", whole)


def _merge(whole: Document, part: Document, key: str, value: dict[str, Any]) -> None:
    mine = whole.data.setdefault(key, {})
    mine = whole.data[key] = {} if mine is None else mine
    if not isinstance(mine, dict):
        return
    for name, entry in value.items():
        if name in mine:
            first = whole.places.get((key, name), Place(whole.path))
            _complain(part, (key, name), f"is there already, in {first}", "Keep one of the two.", whole)
        else:
            mine[name] = entry
            whole.places |= {w: place for w, place in part.places.items() if w[:2] == (key, name)}


def _complain(
    at: Document, where: tuple[str, ...], what: str, hint: str, whole: Document | None = None
) -> None:
    place = at.places.get(where, Place(at.path))
    (whole or at).problems.append(Problem(place, where, what, hint))
