"""Make trackers of any size: 12 columns, plainly fictional, applied within the last 20 days."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

TODAY = date(2027, 2, 1)
HEADER = (
    "Company", "Job Title", "Location", "Date Applied", "Status", "Contact Name", "Contact Email",
    "Contact Phone", "Job URL", "Salary", "Source", "Notes",
)  # fmt: skip
PLACES = ("Berlin, Germany", "Lyon, France", "Remote", "Leeds, United Kingdom")
STATUSES = ("Applied",) * 8 + ("Interview", "Rejected")


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield *count* rows, three applications to a company, always the same."""
    dice = random.Random(7)
    for number in range(count):
        firm = number // 3
        applied = TODAY - timedelta(days=dice.randrange(20))
        yield (
            f"Firm {firm} Ltd",
            f"Engineer {number % 997}",
            dice.choice(PLACES),
            applied.isoformat(),
            dice.choice(STATUSES),
            f"Person {firm}",
            f"person{firm}@firm{firm}.example",
            f"+49 30 55{firm:06d}",
            f"https://jobs.firm{firm}.example/{number}",
            f"{40 + number % 30}k",
            dice.choice(("LinkedIn", "Job fair", "Company site")),
            f"Note {number}",
        )


def write_csv(path: Path, count: int) -> Path:
    """Write a CSV tracker."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count))
    return path


def write_xlsx(path: Path, count: int) -> Path:
    """Write the same tracker as a workbook."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("Applications")
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(rows(count), start=1):
        sheet.write_row(number, 0, row)
    book.close()
    return path
