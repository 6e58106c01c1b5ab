"""The floors: loops that only parse with the bare library, or only insert with the bare database."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from pathlib import Path


def dump_csv(path: str) -> None:
    """Parse a CSV with DictReader and print each row as JSON."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sys.stdout.write(json.dumps(row) + "\n")


def dump_xlsx(path: str) -> None:
    """Parse a workbook with calamine and print each row as JSON."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    header = [str(cell) for cell in next(rows)]
    for row in rows:
        sys.stdout.write(json.dumps(dict(zip(header, row, strict=False)), default=str) + "\n")


def insert_sqlite(source: str, target: str) -> None:
    """Copy the records of an embedded CRM into a bare SQLite database, in one transaction."""
    origin = sqlite3.connect(source)
    copy = sqlite3.connect(target)
    tables = ("crm_records", "crm_relations")
    for table in tables:
        columns = [row[1] for row in origin.execute(f"pragma table_info({table})")]
        copy.execute(f"create table {table} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        copy.executemany(f"insert into {table} values ({marks})", origin.execute(f"select * from {table}"))
    copy.commit()


if __name__ == "__main__":
    {"csv": dump_csv, "xlsx": dump_xlsx, "sqlite": insert_sqlite}[sys.argv[1]](*sys.argv[2:])
