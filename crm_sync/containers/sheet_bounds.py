"""How far a worksheet reaches, told from its XML before calamine lays it out as a full rectangle.

Cells nobody would look at (one at XFD1048576) make a rectangle that no memory holds. The quick way takes the
last cell of every row for the border and then searches for one cell that lies outside or is written in a way
the search does not know; where it finds one, an XML parser measures every filled cell.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from crm_sync.containers.files import CHUNK

Chunks = Callable[[], Iterable[bytes]]

_DIGITS = string.digits.encode()
_NEVER = r"[^\s\S]"
_TWO_LETTERS = 702
_LONGEST_ROW = 8 * CHUNK
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class TooLong(Exception):
    """A row is longer than the quick way holds in memory."""


def whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a sheet's XML anew, so that no row is parted; raise TooLong where one is too long."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(b"<row ")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
        if len(rest) > _LONGEST_ROW:
            raise TooLong
    yield rest


class Border:
    """The last cell of every row seen so far: where an orderly sheet ends (rows and columns from 1)."""

    def __init__(self) -> None:
        self._bottom, self._right = 0, {b""}
        self.known = True

    def widen(self, rows: bytes) -> None:
        """Look at a piece of a sheet's XML that parts no row."""
        bottom = self._bottom
        for row in rows.split(b"<row ")[1:]:
            at = row.rfind(b'<c r="') + 6
            reference = row[at : at + 12].partition(b'"')[0] if at > 5 else b""
            letters = reference.rstrip(_DIGITS)
            self._right.add(letters)
            bottom = max(bottom, int(reference[len(letters) :] or b"0"))
        self._bottom = bottom

    def corner(self) -> tuple[int, int]:
        """Return how many rows and columns there are up to the border."""
        return self._bottom, max(column_number(letters.decode("latin-1")) for letters in self._right)


def sheet_bounds(chunks: Chunks, border: Border, most: int) -> tuple[int, int]:
    """Return how many rows and columns the sheet has, counted from A1.

    *chunks* gives the sheet's XML anew at each call. Where the border is not the whole truth or encloses
    more than *most* cells, the filled cells are measured. Raises expat.ExpatError for broken XML.
    """
    rows, columns = border.corner()
    small = columns <= _TWO_LETTERS and rows * columns <= most
    if border.known and small and not _any_outside(chunks(), rows, columns):
        return rows, columns
    return _measure(chunks())


def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA; 0 for none, a number beyond every sheet for what is no column."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64 if "A" <= letter <= "Z" else 1 << 40
    return number


def _any_outside(chunks: Iterable[bytes], rows: int, columns: int) -> bool:
    inside = f' r="(?:{_columns_up_to(columns)})(?:{_numbers_up_to(rows)})"'
    outside = re.compile(rb"<c(?=[\s/>])(?!" + inside.encode() + rb")")
    prefixed = re.compile(rb":c[\s/>]")
    started = False
    for chunk in whole_rows(chunks):
        if not started and b"worksheet" not in chunk[:CHUNK]:
            return True
        started = True
        if outside.search(chunk) or prefixed.search(chunk):
            return True
    return False


def _numbers_up_to(most: int) -> str:
    """Return a pattern of the numbers 1 to *most*."""
    digits = str(most)
    ways = [rf"[1-9]\d{{0,{len(digits) - 2}}}"] if len(digits) > 1 else []
    for place, digit in enumerate(digits):
        lowest = 0 if place else 1
        if int(digit) > lowest:
            ways.append(rf"{digits[:place]}[{lowest}-{int(digit) - 1}]\d{{{len(digits) - place - 1}}}")
    return "|".join([*ways, digits])


def _columns_up_to(most: int) -> str:
    """Return a pattern of the names of the first *most* columns, up to ZZ."""
    if not most:
        return _NEVER
    name = string.ascii_uppercase
    ways = [f"[A-{name[min(most, 26) - 1]}]"]
    for first in range(1, 27):
        last = min(26, most - 26 * first)
        if last > 0:
            ways.append(f"{name[first - 1]}[A-{name[last - 1]}]")
    return "|".join(ways)


def _measure(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Return the bounds of the filled cells, by parsing."""
    meter = _Meter()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = meter.start
    parser.StartDoctypeDeclHandler = meter.refuse
    for chunk in chunks:
        parser.Parse(chunk)
    ended = True
    parser.Parse(b"", ended)
    return meter.bottom, meter.right


class _Meter:
    """Where the parser stands, and the furthest filled cell so far (rows and columns from 1)."""

    def __init__(self) -> None:
        self.bottom = self.right = 0
        self._row = self._column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "c":
            self._move(attributes.get("r", ""))
        elif local in ("v", "is", "f"):
            self.bottom = max(self.bottom, self._row)
            self.right = max(self.right, self._column)
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0

    def _move(self, reference: str) -> None:
        place = _REFERENCE.fullmatch(reference)
        if place:
            self._row, self._column = int(place[2]), column_number(place[1])
        else:
            self._column += 1

    def refuse(self, *_: object) -> None:
        raise expat.ExpatError("a document type is declared")
