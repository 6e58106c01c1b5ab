"""Raw tables as a container holds them, before anybody understood them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A raw cell. Text is untrimmed text; an empty cell is None or ""; an integral number is an int."""

Row = Sequence[Cell]

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".xls", ".ods")
"""How the names of files end that may hold tables."""


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


@dataclass(frozen=True, slots=True)
class Member:
    """One opened file: a loose one (``name`` is "") or one of a zip or folder (its path inside).

    ``document`` holds the tables of text files and workbooks; it is None for JSON, whose ``value`` is kept
    as it is nested: a JSON Lines file is the list of its lines' values, a broken line is None in it.
    """

    name: str
    document: Document | None = None
    value: Any = None
    notes: tuple[str, ...] = ()
    container: str = ""
    encoding: str | None = None


class Bundle(Protocol):
    """What a path leads to, seen as named members that are opened one by one."""

    @property
    def kind(self) -> str:
        """Return file, zip or folder."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the members' paths with "/" in sorted order; a loose file has the one name ""."""

    @property
    def beside(self) -> tuple[str, ...]:
        """Return the names of the files beside a loose file that share the beginning of its name."""

    def member(self, name: str) -> Member:
        """Return an opened member by one of ``names`` or ``beside``.

        Raises SourceError where it cannot be read.
        """
