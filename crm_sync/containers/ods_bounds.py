"""How far the sheets of an ODS reach: its cells and rows say how often they repeat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat


@dataclass(frozen=True, slots=True)
class Extent:
    """Rows and columns from A1 to the last filled cell, and how many characters repeated cells come to."""

    name: str
    rows: int
    columns: int
    text: int


def ods_bounds(chunks: Iterable[bytes]) -> list[Extent]:
    """Return how far each sheet reaches; raise expat.ExpatError for broken XML."""
    meter = _Meter()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = meter.start
    parser.EndElementHandler = meter.end
    parser.CharacterDataHandler = meter.characters
    parser.StartDoctypeDeclHandler = meter.refuse
    for chunk in chunks:
        parser.Parse(chunk)
    ended = True
    parser.Parse(b"", ended)
    return meter.found


class _Meter:
    """Where the parser stands in the sheet, and how far its filled cells reach so far."""

    def __init__(self) -> None:
        self.found: list[Extent] = []
        self._name = ""
        self._row = self._column = self._bottom = self._right = 0
        self._repeated, self._filled, self._cell = 1, False, 0
        self._text = self._row_text = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "table":
            self._name = attributes.get("table:name", "")
            self._row = self._bottom = self._right = self._text = 0
        elif local == "table-row":
            self._repeated = _times(attributes, "table:number-rows-repeated")
            self._column, self._filled, self._row_text = 0, False, 0
        elif local in ("table-cell", "covered-table-cell"):
            self._cell = _times(attributes, "table:number-columns-repeated")
            self._column += self._cell
            if "office:value-type" in attributes:
                self._fill()
        elif local == "p":
            self._fill()

    def _fill(self) -> None:
        self._filled = True
        self._right = max(self._right, self._column)

    def end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local == "table-row":
            self._row += self._repeated
            self._text += self._row_text * self._repeated
            if self._filled:
                self._bottom = self._row
        elif local == "table":
            self.found.append(Extent(self._name, self._bottom, self._right, self._text))

    def characters(self, text: str) -> None:
        self._row_text += len(text) * self._cell

    def refuse(self, *_: object) -> None:
        raise expat.ExpatError("a document type is declared")


def _times(attributes: dict[str, str], name: str) -> int:
    written = attributes.get(name, "1")
    return int(written) if written.isdigit() and len(written) < 12 else 1
