"""What calamine does not tell of a worksheet: targets of links, error cells, formulas without a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from crm_sync.containers.shared_texts import count_references
from crm_sync.containers.sheet_bounds import Border, Chunks, TooLong, column_number, whole_rows

_P = rb"(?:\w+:)?"
_CELL = rb"<" + _P + rb'c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*'
_ERROR = re.compile(
    rb"<" + _P + rb'c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>.{0,400}?<' + _P + rb"v>([^<]*)"
)
_FORMULA_LINK = re.compile(_CELL + rb"<" + _P + rb'f[^>]*>[^<]*?HYPERLINK\(\s*"((?:[^"<]|"")*)"')
_NO_VALUE = re.compile(
    _CELL
    + rb"<"
    + _P
    + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</"
    + _P
    + rb"f>)\s*(?:<"
    + _P
    + rb"v\s*/>|<"
    + _P
    + rb"v></"
    + _P
    + rb"v>)?\s*</"
    + _P
    + rb"c>"
)
_HYPERLINK = re.compile(rb"<" + _P + rb"hyperlink\b([^>]*)>")
_RELATION = re.compile(rb"<" + _P + rb"Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MOST_NOTES = 1000


@dataclass(slots=True)
class Facts:
    """``links`` by (row from 1, column from 0); ``notes`` by row; ``references``: cells that share a text."""

    links: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    hidden_rows: int = 0
    references: int = 0
    border: Border = field(default_factory=Border)


def sheet_facts(chunks: Chunks, relations: Mapping[str, str]) -> Facts:
    """Return the facts of one sheet; *relations* maps relation ids to targets (the sheet's ``.rels``)."""
    facts = Facts()
    try:
        for rows in whole_rows(chunks()):
            facts.border.widen(rows)
            facts.references += count_references(rows)
            _gather(rows, relations, facts)
    except TooLong:
        facts.border.known = False
        facts.references = sum(map(count_references, chunks()))
        facts.notes.append((1, "links were not looked for: a row is too long"))
    return facts


def _gather(rows: bytes, relations: Mapping[str, str], facts: Facts) -> None:
    if b't="e"' in rows and len(facts.notes) < _MOST_NOTES:
        for letters, number, error in _ERROR.findall(rows):
            facts.notes.append(
                (int(number), f"{_name(letters, number)} holds the error {unescape(error.decode())}")
            )
    if b"<f" in rows or b":f" in rows:
        _gather_formulas(rows, facts)
    if b"hyperlink" in rows:
        for written in _HYPERLINK.findall(rows):
            _link(attributes_of(written), relations, facts)
    if b'hidden="' in rows:
        facts.hidden_rows += len(re.findall(rb'<row [^>]*\bhidden="(?:1|true)"', rows))


def _gather_formulas(rows: bytes, facts: Facts) -> None:
    if b"HYPERLINK(" in rows:
        for letters, number, target in _FORMULA_LINK.findall(rows):
            place = (int(number), column_number(letters.decode()) - 1)
            facts.links[place] = unescape(target.decode("utf-8", "replace")).replace('""', '"')
    if len(facts.notes) < _MOST_NOTES:
        for letters, number in _NO_VALUE.findall(rows):
            facts.notes.append(
                (int(number), f"{_name(letters, number)} holds a formula that was never calculated")
            )


def _link(attributes: Mapping[str, str], relations: Mapping[str, str], facts: Facts) -> None:
    area = _AREA.match(attributes.get("ref", ""))
    target = relations.get(attributes.get("id", ""), "")
    if not area or not target:
        return
    anchor = attributes.get("location", "")
    place = (int(area[2]), column_number(area[1]) - 1)
    facts.links[place] = f"{target}#{anchor}" if anchor else target


def relations_of(rels: bytes) -> dict[str, str]:
    """Return relation ids with their targets, of a part's ``.rels``."""
    found = (attributes_of(written) for written in _RELATION.findall(rels))
    return {each["Id"]: each["Target"] for each in found if "Id" in each and "Target" in each}


def attributes_of(written: bytes) -> dict[str, str]:
    """Return the attributes of a tag by their local names, entities resolved."""
    pairs = _ATTRIBUTE.findall(written.decode("utf-8", "replace"))
    return {name.rpartition(":")[2]: unescape(double or single) for name, double, single in pairs}


def _name(letters: bytes, number: bytes) -> str:
    return (letters + number).decode()
