"""Finding the tables in a grid: header rows, merged group rows, several tables, or no header at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm_sync.domain.tables import Cell, Row, Table
from crm_sync.reading.lexicon import headers as known_headers
from crm_sync.reading.lexicon import pattern, word_set
from crm_sync.reading.meanings import CORE, LOOSE, Header, is_exact, meanings_of_text
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.texts import fold, printed

_HEADER_AMONG = 40
_SURE_SCORE = 2.4
_SCANNED = 20_000
_LONGEST_HEADER = 70
_MARKING = frozenset("<=>|# \t")
_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_PERSONS = frozenset(
    {"person_name", "first_name", "last_name", "contact_email", "contact_name", "external_id"}
)


@dataclass(frozen=True, slots=True)
class Section:
    """One table in a grid: rows ``start`` to ``end`` (exclusive) under its header rows, as indices."""

    headers: tuple[Header, ...]
    header_rows: tuple[int, ...]
    start: int
    end: int


def is_blank(row: Row) -> bool:
    """Say whether a row holds nothing at all."""
    for cell in row:
        if cell is not None and cell != "" and (not isinstance(cell, str) or cell.strip()):
            return False
    return True


def is_mark(row: Row) -> bool:
    """Say whether a row is a mark that a version control system left, or a comment line."""
    first = row[0] if row else None
    if not isinstance(first, str) or first[:1] not in _MARKING:
        return False
    if first.startswith(_MARKS):
        return True
    return first.lstrip().startswith("#") and sum(1 for cell in row if cell not in (None, "")) == 1


def is_filled(row: Row) -> bool:
    """Say whether a row is neither blank nor a mark."""
    first = row[0] if row else None
    if isinstance(first, str) and first[:1].isalnum():  # nearly all rows
        return True
    return not is_blank(row) and not is_mark(row)


def sections_of(table: Table, named: Collection[str] = ()) -> tuple[Section, ...]:
    """Return the tables in a grid from the top; a grid without any row has none.

    ``named`` are headers that the user named: a row that holds most of them is the header.
    """
    rows = table.rows
    if table.header_known and rows:
        return (Section(_plain_headers(rows[0]), (0,), 1, len(rows)),)
    first = _named_header(rows, named) if named else None
    first = first_header(rows) if first is None else first
    if first is None:
        return _headless(rows)
    starts = [first, *_later_headers(rows, first)]
    found = []
    for place, top in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(rows)
        headers, last = _with_groups(rows, top, end)
        if end < len(rows):
            end = _without_title(rows, last + 1, end)
        found.append(Section(headers, tuple(range(top, last + 1)), last + 1, end))
    return tuple(found)


def _without_title(rows: Sequence[Row], start: int, end: int) -> int:
    """Return the end of a table without the title line of the next one."""
    last = end - 1
    while last > start and is_blank(rows[last]):
        last -= 1
    texts = {text for cell in rows[last] if (text := printed(cell))}
    return last if last >= start and len(texts) == 1 and isinstance(rows[last][0], str) else end


def _named_header(rows: Sequence[Row], named: Collection[str]) -> int | None:
    names = {name.strip().casefold() for name in named}
    held = [
        (sum(printed(cell).casefold() in names for cell in row), -index)
        for index, row in enumerate(rows[:_HEADER_AMONG])
    ]
    count, place = max(held, default=(0, 0))
    return -place if count >= 1 else None


def first_header(rows: Sequence[Row]) -> int | None:
    """Return the header row: the first that is one without a doubt, else the best among the first rows."""
    best, best_score, left = None, 0.0, _HEADER_AMONG
    for index, row in enumerate(rows):
        if not is_filled(row):
            continue
        score = header_score(row)
        if score > best_score + 0.5:
            best, best_score = index, score
        if best is not None and index > best and _is_sure(rows[best], best_score):
            break
        left -= 1
        if left <= 0:
            break
    return best


def _is_sure(row: Row, score: float) -> bool:
    """Say whether nearly all cells of a row are header words."""
    texts = {text for cell in row if (text := printed(cell))}
    return score >= _SURE_SCORE and score >= 0.7 * len(texts)


def header_score(row: Row) -> float:
    """Return how much a row looks like a header; 0 where it is none."""
    filled = list({printed(cell): cell for cell in row if printed(cell)}.values())
    score, matched, core = 0.0, 0, False
    for cell in filled:
        if not isinstance(cell, str) or len(cell) > _LONGEST_HEADER:
            score -= 1.0
            continue
        meanings = meanings_of_text(cell.strip())
        if not meanings or meanings[0].sureness <= LOOSE:
            score -= 1.0 if _is_data(cell) else 0.0
            continue
        matched += 1
        score += meanings[0].sureness / 100
        core = core or any(meaning.field in CORE or meaning.field in _PERSONS for meaning in meanings)
    enough = matched >= 2 or (matched == len(filled) == 1 and is_exact(printed(filled[0])))
    if not enough or not core or matched < 0.4 * len(filled):
        return 0.0
    return max(score, 0.0)


def _is_data(cell: str) -> bool:
    kind = kind_of(cell)
    return kind.date or kind.url or kind.email or kind.number


def _later_headers(rows: Sequence[Row], first: int) -> list[int]:
    """Find headers of further tables below: rows of known header words that differ from the first header."""
    known = known_headers()
    own = {text.casefold() for cell in rows[first] if (text := printed(cell))}
    found: list[int] = []
    current = own
    for index in range(first + 1, min(len(rows), first + _SCANNED)):
        if not _has_header_words(rows[index], known):
            continue
        words = {cell.strip().casefold() for cell in rows[index] if isinstance(cell, str) and cell.strip()}
        hits = sum(1 for word in words if word in known)
        if hits < 2 or words == current or hits < 0.6 * len(words) or header_score(rows[index]) < 1.6:
            continue
        if index == first + 1 or words <= current:
            continue
        found.append(index)
        current = words
    return found


def _has_header_words(row: Row, known: Collection[str]) -> bool:
    """Say quickly whether a row may be a header: a known word in front, and few strange ones."""
    if not any(isinstance(cell, str) and cell.strip().casefold() in known for cell in row[:5]):
        return False
    strange, most = 0, 0.4 * len(row)
    for cell in row:
        if isinstance(cell, str) and cell and cell.strip().casefold() not in known:
            strange += 1
            if strange > most:
                return False
    return True


def _with_groups(rows: Sequence[Row], top: int, end: int) -> tuple[tuple[Header, ...], int]:
    """Return the headers of a table, with a merged group row above or a second header row below."""
    below = top + 1
    if below < end and _is_second_header(rows[top], rows[below]):
        return _joined(rows[top], rows[below]), below
    above = top - 1
    if above >= 0 and _is_group(rows[above], rows[top]):
        return _joined(rows[above], rows[top]), top
    return _plain_headers(rows[top]), top


def _is_second_header(upper: Row, lower: Row) -> bool:
    texts = [printed(cell) for cell in lower]
    filled = [text for text in texts if text]
    if len(filled) < 2 or not all(isinstance(cell, str) for cell in lower if printed(cell)):
        return False
    if not all(is_exact(text) for text in filled):
        return False
    holes = [i for i, text in enumerate(texts) if text and not printed(_at(upper, i))]
    return bool(holes) and any(printed(cell) for cell in upper)


def _is_group(upper: Row, lower: Row) -> bool:
    texts = {printed(cell) for cell in upper if printed(cell)}
    width = sum(1 for cell in lower if printed(cell))
    if not 2 <= len(texts) < width or not all(isinstance(cell, str) for cell in upper if printed(cell)):
        return False
    return all(len(text) <= 40 and not _is_data(text) for text in texts)


def _joined(upper: Row, lower: Row) -> tuple[Header, ...]:
    width = max(len(upper), len(lower))
    headers, group = [], ""
    for index in range(width):
        own = printed(_at(upper, index))
        group = own or group
        text = printed(_at(lower, index))
        headers.append(Header(text, group if text else own))
    return _trimmed(headers)


def _plain_headers(row: Row) -> tuple[Header, ...]:
    return _trimmed([Header(printed(cell)) for cell in row])


def _trimmed(headers: list[Header]) -> tuple[Header, ...]:
    while headers and not (headers[-1].text or headers[-1].group):
        headers.pop()
    return tuple(headers)


def _at(row: Row, index: int) -> Cell:
    return row[index] if index < len(row) else None


def _headless(rows: Sequence[Row]) -> tuple[Section, ...]:
    filled = [index for index, row in enumerate(rows[:200]) if is_filled(row)]
    if not filled:
        return ()
    first = filled[0]
    width = max(len(rows[index]) for index in filled)
    if _is_strange_header(rows, filled):
        headers = _plain_headers(rows[first])
        return (Section(headers, (first,), first + 1, len(rows)),)
    return (Section(tuple(Header("") for _ in range(width)), (), first, len(rows)),)


def _is_strange_header(rows: Sequence[Row], filled: Sequence[int]) -> bool:
    """Say whether the first row is a header of unknown words: plain texts above dates or links."""
    first, rest = rows[filled[0]], [rows[index] for index in filled[1:]]
    texts = [printed(cell) for cell in first]
    if len(rest) < 2 or any(_is_data(text) for text in texts if text) or sum(map(bool, texts)) < 2:
        return False
    for index in range(len(first)):
        below = [cell for row in rest if printed(cell := _at(row, index))]
        if below and texts[index] and sum(_is_shaped(cell) for cell in below) >= 0.7 * len(below):
            return True
    return False


def _is_shaped(cell: Cell) -> bool:
    if isinstance(cell, (datetime, date, time, timedelta, int, float)):
        return True
    return isinstance(cell, str) and _is_data(cell.strip())


_DAY_COLUMNS = 0.5
_COUNTED = pattern("counted")


def is_cross_tab(section: Section, rows: Sequence[Row]) -> bool:
    """Say whether the columns are days (or counters) with names below instead of fields."""
    heads = [
        cell
        for cell in (rows[section.header_rows[0]] if section.header_rows else _top(rows))
        if printed(cell)
    ]
    days = sum(1 for cell in heads if kind_of(cell).date or fold(printed(cell)) in word_set("weekday"))
    return days >= 5 and days >= _DAY_COLUMNS * len(heads)


def _top(rows: Sequence[Row]) -> Row:
    return next((row for row in rows if not is_blank(row)), ())


def is_tally(section: Section, rows: Sequence[Row]) -> bool:
    """Say whether a table counts applications instead of listing them: labels beside numbers."""
    names = [fold(header.shown) for header in section.headers if header.shown]
    if any(name in ("row labels", "column labels", "zeilenbeschriftungen") for name in names):
        return True
    counted = sum(1 for name in names if _COUNTED.search(name))
    return counted >= 1 and counted >= len(names) - 1 and len(names) <= 6
