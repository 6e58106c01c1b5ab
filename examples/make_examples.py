"""Write the example lists beside this script: twelve applications twice, and an untidy list.

Run it after a change: python examples/make_examples.py. Companies, people and numbers are invented.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
MADE_ON = datetime(2027, 2, 1)  # noqa: DTZ001 (a workbook's properties carry no zone)

HEADER = ("Company", "Job Title", "Location", "Date Applied", "Status", "Contact", "Contact Title", "Phone",
          "Email", "Job Link", "Salary", "Source", "Notes")  # fmt: skip

ROWS = (
    ("Northwind Robotics", "Data Engineer", "Berlin, Germany", date(2027, 1, 28), "Applied", "Jane Roe",
     "Head of Data", "+49 30 5550100", "jane.roe@northwind-robotics.example",
     "https://jobs.northwind-robotics.example/4711", "65.000 - 75.000 EUR", "Company site", ""),
    ("Bluebird Analytics", "Analytics Engineer", "Lyon, France", date(2027, 1, 29), "Applied", "Marc Petit",
     "Recruiter", "+33 4 55 50 01 01", "marc.petit@bluebird.example", "https://bluebird.example/jobs/88",
     "", "LinkedIn", "asked for a portfolio"),
    ("Bluebird Analytics", "BI Developer", "Lyon, France", date(2027, 1, 26), "Rejected", "Marc Petit",
     "Recruiter", "+33 4 55 50 01 01", "marc.petit@bluebird.example", "https://bluebird.example/jobs/91",
     "", "LinkedIn", ""),
    ("Harbour & Pine", "Product Analyst", "Dublin, Ireland", date(2027, 1, 27), "No response", "", "", "", "",
     "https://harbourpine.example/careers/12", "", "Job fair", ""),
    ("Lumen Foods", "Supply Chain Analyst", "Hamburg, Germany", date(2027, 1, 11), "Applied", "Ana Sol",
     "Plant Manager", "+49 40 5550102", "ana.sol@lumenfoods.example", "", "", "Referral", ""),
    ("Quill & Co", "Technical Writer", "Remote", date(2027, 1, 22), "Phone screen", "Kim Lee", "HR Manager",
     "+1 555 0103", "kim.lee@quill.example", "https://quill.example/j/7", "", "LinkedIn", ""),
    ("Tidal Insurance", "Data Analyst", "Bremen, Germany", date(2027, 1, 18), "2nd interview", "Omar Aziz",
     "Team Lead", "+49 421 5550104", "", "", "58.000 EUR", "Recruiter", "on site, bring sketches"),
    ("Meadow Health", "Research Assistant", "Vienna, Austria", date(2026, 12, 10), "Applied", "", "", "",
     "hr@meadowhealth.example", "", "", "Newspaper", ""),
    ("Orbit Games", "Backend Developer", "Warsaw, Poland", None, "Applied", "Ewa Lis", "CTO",
     "+48 22 555 01 05", "ewa@orbitgames.example", "", "", "Friend", "sent by mail"),
    ("Cedar Bank", "Risk Analyst", "Frankfurt, Germany", None, "Bookmarked", "", "", "", "",
     "https://cedarbank.example/jobs/risk", "", "Company site", "closing on 20 February"),
    ("Kestrel Air", "Operations Analyst", "Munich, Germany", date(2027, 1, 25), "Purple", "", "", "", "", "",
     "", "Company site", ""),
    ("Juniper Schools", "Teacher, Mathematics", "Zurich, Switzerland", date(2027, 1, 29), "Applied",
     "Lea Frei", "Principal", "+41 44 555 01 06", "", "", "", "Newspaper", "please no phone calls"),
)  # fmt: skip


UNTIDY = """\
Firma;Stelle;Beworben am;Status;Telefon
Nordlicht Energie;Controllerin;03.02.2027;Absage;
Nordlicht Energie;Buchhalterin für Löhne;13.01.2027;beworben;040 5550108
;;14.01.2027;beworben;
Summe;;;2;
"""


def write_csv(path: Path) -> None:
    """Write the list as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(
            [cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in ROWS
        )


def write_workbook(path: Path) -> None:
    """Write the list as a workbook, as people keep it: a title, the list, and a sheet of figures."""
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": MADE_ON})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Applications")
    sheet.write(0, 0, "My applications", bold)
    for column, name in enumerate(HEADER):
        sheet.write(2, column, name, bold)
    for number, row in enumerate(ROWS, start=3):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
            elif cell:
                sheet.write_string(number, column, cell)
    figures = book.add_worksheet("Figures")
    figures.write_row(0, 0, ("Status", "Count"), bold)
    figures.write_row(1, 0, ("Applied", 7))
    figures.write_row(2, 0, ("Rejected", 1))
    book.close()


if __name__ == "__main__":
    write_csv(HERE / "my-applications.csv")
    (HERE / "untidy.csv").write_text(UNTIDY, encoding="cp1252", newline="\n")
    write_workbook(HERE / "my-applications.xlsx")
