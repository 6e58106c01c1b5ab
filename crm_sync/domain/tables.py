"""Raw tables as a container holds them, before anybody understood them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A raw cell. Text is untrimmed text; an empty cell is None or ""; an integral number is an int."""

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One grid: rows of cells, each with the number under which a person finds it.

    ``rows[i]`` stands at ``numbers[i]`` (see ``Application.row``); rows may be ragged. ``sheet`` is the
    sheet's name, None where the container has one table only. ``header_known`` says that ``rows[0]``
    is the header for certain (JSON objects: their keys). ``links`` maps (number, column index) to the
    target of a hyperlink; ``hidden`` tells of a hidden sheet; ``ragged_notes`` are remarks of the
    container's reader about rows (number, remark), such as an unclosed quote.
    """

    rows: Sequence[Row]
    numbers: Sequence[int]
    sheet: str | None = None
    header_known: bool = False
    hidden: bool = False
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    ragged_notes: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that one file holds: its tables, and how it was opened.

    ``container`` is one of csv, xlsx, xls, ods, json, jsonl. ``encoding`` and ``delimiter`` are told for
    text containers. ``notes`` are remarks such as "encoding guessed". ``digest`` is the SHA-256 of the bytes.
    """

    container: str
    tables: Sequence[Table]
    encoding: str | None = None
    delimiter: str | None = None
    digest: str | None = None
    notes: tuple[str, ...] = ()
