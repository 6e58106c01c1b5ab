"""How sure a description is that a file is of its kind, and by what it is recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from crm_sync.domain.tables import TABLE_ENDINGS, Bundle
from crm_sync.errors import SourceError
from crm_sync.reading.description.conditions import holds
from crm_sync.reading.description.forms import Condition, Description, Signature, TableForm
from crm_sync.reading.description.shapes import NestedShape, Record, Shape, Sheet, TableShape, sheets_of
from crm_sync.reading.description.sides import matching
from crm_sync.reading.reach import within_reach

_FEW, _SAMPLE, _NAMED = 6, 20, 6
_WHOLE, _MORE, _PLAIN = 0.7, 0.25, 0.6
_WEAK, _LENIENT, _SHARE = 0.55, 3, 0.75
_EMPTY = 0.4
_MARKED, _MARKED_ROWS = 0.6, 400


@dataclass(frozen=True, slots=True)
class Match:
    """Records that are of a form: how surely (0 to 1), by which signs, and which of them are missing."""

    form: TableForm
    sheet: Sheet
    certainty: float
    signs: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """Return the signs for a person: ``company_name, role, statusName``."""
        named = ", ".join(self.signs[:_NAMED])
        where = f" in {self.sheet.member}" if self.sheet.member and self.sheet.shape.columns else ""
        lost = f", although {', '.join(self.missing)} is missing" if self.missing else ""
        return f"{named}{where}{lost}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a description recognises in a bundle; ``unread`` are members that could not be opened, and why."""

    matches: tuple[Match, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def best(self) -> Match | None:
        """Return the surest match, None where there is none."""
        return max(self.matches, key=lambda match: match.certainty, default=None)

    @property
    def certainty(self) -> float:
        """Return how sure it is, 0 where nothing was recognised."""
        return self.best.certainty if self.best else 0.0

    @property
    def because(self) -> str:
        """Return by what it was recognised, or that it was not."""
        return self.best.because if self.best else "nothing in it looks like it"


def recognise(description: Description, bundle: Bundle) -> Verdict:
    """Return what a description recognises; opens only members whose names come into question.

    Pure but for the opening; a member that cannot be opened is told in ``unread``.
    """
    matches: list[Match] = []
    unread: dict[str, str] = {}
    for form in description.tables:
        for name in candidates(form, bundle):
            try:
                matches.extend(_matches(form, bundle, name))
            except SourceError as error:
                unread[name] = error.message
    return Verdict(_one_form_each(matches), tuple(unread.items()))


def candidates(form: TableForm, bundle: Bundle) -> Sequence[str]:
    """Return the members that may hold a table: by its patterns, else every table of a small container."""
    if bundle.kind == "file":
        return bundle.names
    if form.members:
        return _without_replaced(form, matching(form.members, bundle.names))
    tables = [name for name in bundle.names if name.casefold().endswith(TABLE_ENDINGS)]
    return tables if len(tables) <= _FEW else ()


def _without_replaced(form: TableForm, names: list[str]) -> list[str]:
    """Leave members out for which another stands: ``Jobs.csv`` beside ``Jobs_all.csv``."""
    replaced = {
        name.removesuffix(end) + instead
        for end, instead in form.replaces.items()
        for name in names
        if name.endswith(end)
    }
    return [name for name in names if name not in replaced]


def _matches(form: TableForm, bundle: Bundle, name: str) -> Iterator[Match]:
    if any(each.search(name) for each in form.signature.files):
        sheet = Sheet(name, name, TableShape(()), ())
        yield Match(form, sheet, _MARKED, ("the names of its files",))
        return
    for sheet in sheets_of(bundle.member(name), form):
        match = match_of(form, sheet)
        if match is not None:
            yield match
            if isinstance(sheet.shape, NestedShape):
                return


def _one_form_each(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Keep, of the forms that recognise the same records, the surest (the first of equals)."""
    best: dict[tuple[str, str | None], Match] = {}
    for match in matches:
        key = (match.sheet.member, match.sheet.place)
        if key not in best or match.certainty > best[key].certainty:
            best[key] = match
    kept = {id(match) for match in best.values()}
    return tuple(match for match in matches if id(match) in kept)


def match_of(form: TableForm, sheet: Sheet) -> Match | None:
    """Return how a sheet fits the signature of a form, None where it does not."""
    signature = form.signature
    if signature.marks:
        return _marked(form, sheet)
    found = [sign for sign in signature.all if _is_there(sign, sheet)]
    if not found and not _empty(sheet):
        return None
    if any(_is_there(sign, sheet) for sign in signature.none):
        return None
    more = [sign for sign in signature.more if _is_there(sign, sheet)]
    certainty = _certainty(signature, len(found), len(more), sheet)
    if not certainty:
        return None
    missing = tuple(_shown(sign, sheet) for sign in signature.all if sign not in found)
    signs = tuple(dict.fromkeys(_shown(sign, sheet) for sign in (*found, *more)))
    return Match(form, sheet, round(certainty, 3), signs, missing if not _empty(sheet) else ())


def _marked(form: TableForm, sheet: Sheet) -> Match | None:
    """Return how surely marks in the cells tell the product, None where there is none."""
    if isinstance(sheet.shape, NestedShape):
        return None
    cells = [cell for _, row in islice(sheet.records, _MARKED_ROWS) for cell in row if isinstance(cell, str)]
    found = [name for name, mark in form.signature.marks.items() if any(map(mark.search, cells))]
    return Match(form, sheet, _MARKED + 0.02 * min(len(found), 4), tuple(found)) if found else None


def _certainty(signature: Signature, found: int, more: int, sheet: Sheet) -> float:
    missing = len(signature.all) - found
    if _empty(sheet):
        return _EMPTY if found and missing == sum(not s.path.startswith("$.") for s in signature.all) else 0.0
    if signature.exact and len({c for c in sheet.shape.columns if c}) > len(signature.all) + more:
        return 0.0
    share = more / len(signature.more) if signature.more else _PLAIN
    if not missing:
        return _WHOLE + _MORE * share + min(found + more, 10) * 0.004
    lenient = len(signature.all) >= _LENIENT and more >= 2 and share >= _SHARE and not signature.exact
    return _WEAK + 0.1 * share if missing == 1 and lenient else 0.0


def _empty(sheet: Sheet) -> bool:
    """Say whether a list of objects is there but holds none: only signs outside of it can be seen."""
    return isinstance(sheet.shape, NestedShape) and not sheet.records


def _is_there(sign: Condition, sheet: Sheet) -> bool:
    if sign.path.startswith("/") and sign.path.endswith("/") and len(sign.path) > 2:
        looked_for = re.compile(sign.path[1:-1])
        return any(looked_for.search(within_reach(column)) for column in sheet.shape.columns)
    if isinstance(sheet.shape, TableShape):
        there = sign.path in sheet.shape.columns
    elif sign.path.startswith("$.") and not sheet.records:
        there = sheet.root_has(sign.path)
    else:
        there = sheet.shape.named(sign.path) is not None
    return there and (not _asks(sign) or _held(sign, sheet.shape, sheet.records))


def _asks(sign: Condition) -> bool:
    return bool(sign.words or sign.like or sign.filled is not None)


def _held(sign: Condition, shape: Shape, records: Sequence[tuple[int, Record]]) -> bool:
    getter = shape.getter(sign.path)
    return getter is not None and any(holds(sign, getter(r)) for _, r in islice(records, _SAMPLE))


def _shown(sign: Condition, sheet: Sheet) -> str:
    """Return a sign for a person; of a pattern the column that it fits."""
    if sign.path.startswith("/"):
        looked_for = re.compile(sign.path[1:-1])
        found = (column for column in sheet.shape.columns if looked_for.search(within_reach(column)))
        return next(found, plainly(sign))
    return plainly(sign).lstrip("^.")


def plainly(sign: Condition) -> str:
    """Return a sign as a person would write it; of a pattern what it looks for, as far as that has words."""
    if not sign.path.startswith("/"):
        return sign.path.removeprefix("$.")
    told = re.sub(r"\\[wd]\+?", "...", sign.path[1:-1].replace("[ _]", " ").replace("|", " or "))
    return re.sub(r"[\\^$()?]", "", told)
