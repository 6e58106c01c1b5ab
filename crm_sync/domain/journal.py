"""The journal: what happened to each record, on pages that are written together with what they tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_sync.domain.keys import Kind


@dataclass(frozen=True, slots=True)
class Line:
    """The same thing happening to many records of one kind and owner.

    ``told`` holds by id what there is to tell beside the verb (plain data, None for nothing more); an
    application's own news stand under its deal. ``about`` is what all of them share: a source, a command.
    """

    what: str
    kind: Kind
    owner: str
    told: Mapping[str, Any]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of one run, in the order in which they happened; ``number`` counts the pages of the run."""

    run: str
    number: int
    at: datetime
    lines: tuple[Line, ...]


def belongs(ident: str, application: str) -> bool:
    """Tell whether a record is an application's: its deal, or a call task or call whose id begins with it."""
    return ident == application or ident.startswith(f"{application}:")


def only_about(lines: Sequence[Line], application: str) -> tuple[Line, ...]:
    """Return what lines tell of one application's own records."""
    narrowed = (
        Line(
            line.what,
            line.kind,
            line.owner,
            {ident: told for ident, told in line.told.items() if belongs(ident, application)},
            line.about,
        )
        for line in lines
    )
    return tuple(line for line in narrowed if line.told)
