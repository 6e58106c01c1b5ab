"""JSON and JSON Lines -> tables: one per list of objects, one row per object, one column per key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_sync.containers.json_values import JSON_HINT, parse
from crm_sync.containers.limits import Limits
from crm_sync.domain.tables import Cell, Row, Table
from crm_sync.errors import SourceError

LEVELS, _DEEPEST_LIST = 3, 6
_HEADERS, _ROWS = ("columns", "headers", "header", "fields"), ("data", "rows", "values", "records")


def tables_of_json(text: str, name: str, limits: Limits) -> tuple[Table, ...]:
    """Return one table per list found at the shallowest level that has one.

    A list of objects has its keys as header (number -1) and its indices as numbers; a list of lists is a
    grid; columns and data apart from each other are one table. A lone object without any list is one row.
    Raises SourceError for what holds neither.
    """
    return tables_of_value(parse(text, name), name, limits)


def tables_of_value(value: Any, name: str, limits: Limits) -> tuple[Table, ...]:
    """Return the tables of a JSON value that was parsed already, as ``tables_of_json`` does."""
    apart = _columns_apart(value)
    if apart is not None:
        header, rows = apart
        _check_cells(len(rows), max(map(len, (header, *rows))), name, limits)
        cells = [[_cell(item) for item in row] for row in (header, *rows)]
        return (Table(rows=cells, numbers=[-1, *range(len(rows))], header_known=True),)
    lists = list(_find_lists(value))
    if not lists:
        raise SourceError(
            f"{name}: JSON without a list of objects", "Export the list of applications itself."
        )
    alone = len(lists) == 1
    return tuple(_table(rows, None if alone else path, name, limits) for path, rows in lists)


def tables_of_json_lines(text: str, name: str, limits: Limits) -> tuple[Table, ...]:
    """Return the table of a JSON Lines text: one value a line; a broken line becomes a remark only.

    Numbers are 0-based over the lines that are not blank. Raises SourceError where no line is an object.
    """
    values, notes = values_of_lines(text, name)
    return (_table_of_objects(values, notes, None, name, limits),)


def values_of_lines(text: str, name: str) -> tuple[list[tuple[int, Any]], list[tuple[int, str]]]:
    """Return the values of a JSON Lines text by their index, and the remarks about broken lines.

    Raises SourceError where no line is JSON.
    """
    values: list[tuple[int, Any]] = []
    notes: list[tuple[int, str]] = []
    index = 0
    for line, written in enumerate(text.split("\n"), start=1):
        if not written.strip("\ufeff \t\r\n\x00"):
            continue
        try:
            values.append((index, parse(written, name, line=line)))
        except SourceError as error:
            notes.append((index, f"{error.message.removeprefix(f'{name}: ')}: {written.strip()[:200]}"))
        index += 1
    if not values:
        raise SourceError(f"{name}: {notes[0][1] if notes else 'no JSON at all'}", JSON_HINT)
    return values, notes


def _columns_apart(value: Any) -> tuple[list[Any], list[list[Any]]] | None:
    """Return header and rows of ``{"columns": [...], "data": [[...], ...]}``, None for anything else."""
    if not isinstance(value, dict):
        return None
    header = next((value[key] for key in _HEADERS if isinstance(value.get(key), list)), None)
    rows = next((value[key] for key in _ROWS if isinstance(value.get(key), list)), None)
    if not header or not rows or not all(isinstance(name, str) for name in header):
        return None
    return (header, rows) if all(isinstance(row, list) for row in rows) else None


def _find_lists(value: Any) -> Iterator[tuple[str, list[Any]]]:
    """Find the lists that hold rows, by path; empty ones count only where no other is there."""
    record = _lone_record(value)
    if record is not None:
        yield "", [record]
        return
    level: list[tuple[str, Any]] = [("", value)]
    for _ in range(_DEEPEST_LIST + 1):
        found = [(path, item) for path, item in level if isinstance(item, list) and _is_table(item)]
        if found:
            yield from [pair for pair in found if pair[1]] or found[:1]
            return
        level = [pair for path, parent in level for pair in _children(path, parent)]


def _children(path: str, parent: Any) -> Iterator[tuple[str, Any]]:
    """Give what an object holds; one that holds nothing but like objects by id is a list of them."""
    if not isinstance(parent, dict):
        return
    if (
        len(parent) > 1
        and all(isinstance(item, dict) and item for item in parent.values())
        and _alike(parent)
    ):
        yield path, list(parent.values())
    for key, item in parent.items():
        yield f"{path}.{key}".lstrip("."), item


def _alike(parent: Mapping[str, Any]) -> bool:
    first, *others = (set(item) for item in parent.values())
    return all(len(first & other) * 2 > len(first | other) for other in others)


def _lone_record(value: Any) -> dict[str, Any] | None:
    """Return the one record of a file that holds no list of them: an answer about a single thing."""
    if not isinstance(value, dict) or not value:
        return None
    inner = value.get("data") if len(value) == 1 else value
    if (
        isinstance(inner, dict)
        and inner
        and not any(isinstance(item, list | dict) for item in value.values())
    ):
        return inner
    return inner if isinstance(inner, dict) and inner is not value and "id" in inner else None


def _is_table(items: list[Any]) -> bool:
    return not items or any(isinstance(item, dict | list) for item in items)


def _table(items: list[Any], path: str | None, name: str, limits: Limits) -> Table:
    if items and all(isinstance(item, list) for item in items):
        rows = [[_cell(value) for value in item] for item in items]
        _check_cells(len(rows), max(map(len, rows)), name, limits)
        return Table(rows=rows, numbers=range(len(rows)), sheet=path)
    return _table_of_objects(list(enumerate(items)), [], path, name, limits)


def _table_of_objects(
    values: Sequence[tuple[int, Any]],
    notes: list[tuple[int, str]],
    path: str | None,
    name: str,
    limits: Limits,
) -> Table:
    columns: dict[str, int] = {}
    rows: list[Row] = []
    numbers: list[int] = []
    if values and not any(isinstance(value, dict) for _, value in values):
        raise SourceError(f"{name}: JSON whose entries are no objects", "Export a list of objects.")
    for index, value in values:
        if not isinstance(value, dict):
            notes.append((index, f"is no object: {_as_text(value)[:200]}"))
            continue
        rows.append(_row(flatten(value), columns))
        numbers.append(index)
        _check_cells(len(rows), len(columns), name, limits)
    return Table(
        rows=[list(columns), *rows], numbers=[-1, *numbers], sheet=path, header_known=True, ragged_notes=notes
    )


def _row(flat: Mapping[str, Cell], columns: dict[str, int]) -> list[Cell]:
    """Return the cells in the order of the columns, adding columns that were not seen before."""
    for key in flat:
        columns.setdefault(key, len(columns))
    return list(map(flat.get, columns))


def flatten(record: Mapping[str, Any]) -> dict[str, Cell]:
    """Return an object as cells: inner objects under dotted names, lists joined or kept as JSON text."""
    flat: dict[str, Cell] = {}
    _flatten_into(flat, "", record, LEVELS)
    return flat


def _flatten_into(flat: dict[str, Cell], prefix: str, record: Mapping[str, Any], levels: int) -> None:
    for key, value in record.items():
        path = _without_halves(f"{prefix}{key}")
        if isinstance(value, dict) and value and levels:
            _flatten_into(flat, f"{path}.", value, levels - 1)
            continue
        while path in flat:
            path += "'"
        flat[path] = _cell(value)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return _without_halves(value)
    if isinstance(value, int | float | None):
        return value
    if not value:
        return None
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(_as_text(item) for item in value if item is not None)
    return _rich(value) or _as_text(value)


def _rich(value: Any) -> str | None:
    """Return the words of rich text, a list of pieces that each say what they read as plain text."""
    pieces = [piece.get("plain_text") if isinstance(piece, dict) else None for piece in value]
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return _without_halves("".join(texts)) if len(texts) == len(pieces) else None


def _without_halves(text: str) -> str:
    """Replace halves of surrogate pairs, which no text may hold on its own."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _as_text(value: Any) -> str:
    return _without_halves(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _check_cells(rows: int, columns: int, name: str, limits: Limits) -> None:
    if columns > limits.columns:
        raise SourceError(
            f"{name}: more than {limits.columns:,} different keys", "Export a flat list of applications."
        )
    if rows > limits.rows or rows * columns > limits.cells:
        raise SourceError(
            f"{name}: more than {limits.rows:,} rows or {limits.cells:,} cells",
            "Split the file into several smaller ones.",
        )
