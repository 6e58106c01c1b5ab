"""Boards: Trello and Notion as different people keep them."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from crm_sync.app.plugins import choose
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.testing.connector_golden import TODAY

LISTS = {
    "To Apply": "saved", "1. Wishlist": "saved", "Leads": "saved", "Por aplicar": "saved",
    "💡 Ideas": "unknown", "To read": "unknown", "Zebras": "unknown",
    "📤 Applied": "applied", "Application sent": "applied", "Waiting to hear back": "applied",
    "Ghosted": "applied", "Beworben": "applied", "Candidatures envoyées": "applied",
    "Phone screen": "screening", "HR call": "screening",
    "Interviews": "interviewing", "Onsite": "interviewing",
    "Offers 🎉": "offer", "Offer accepted": "accepted",
    "Rejected :(": "rejected", "Nope": "rejected", "Absagen": "rejected",
    "Withdrawn": "withdrawn", "On hold": "on_hold",
}  # fmt: skip
"""Names that people give to lists, and the stage of their cards."""
CARD = (
    "Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,List ID,List Name,Board Name,"
    "Archived"
)
PAGE = "0123456789abcdef0123456789abcdef"
LINK = f"(https://www.notion.so/Acme-{PAGE}?pvs=21)"


def read(path: Path, name: str) -> Snapshot:
    kind = choose(str(path))
    assert kind.name == name
    return kind.connect(str(path), ReadingOptions(TODAY)).fetch()


def trello(folder: Path, *cards: tuple[str, str], header: str = CARD, **more: str) -> Snapshot:
    """Return what is read from cards (name, list), each with the same further cells."""
    out = io.StringIO()
    sheet = csv.DictWriter(out, header.split(","), extrasaction="ignore")
    sheet.writeheader()
    for at, (name, of) in enumerate(cards):
        sheet.writerow({"Card ID": at, "Card Name": name, "List Name": of, "Archived": "false", **more})
    path = folder / "board.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return read(path, "trello")


def test_the_name_of_a_list_is_the_stage_of_its_cards(tmp_path: Path) -> None:
    found = trello(tmp_path, *((f"Acme - Cook {at}", name) for at, name in enumerate(LISTS))).applications
    assert [str(one.stage) for one in found] == list(LISTS.values())


def test_an_archived_card_is_closed_unless_its_list_says_how_it_ended(tmp_path: Path) -> None:
    cards = (("Acme - Cook", "Applied"), ("Bolt - Chef", "Offer"), ("Cedar - Baker", "Rejected"))
    found = trello(tmp_path, *cards, Archived="true").applications
    assert [str(one.stage) for one in found] == ["closed", "offer", "rejected"]


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("Update resume", "To do"),
        ("Practice interview questions", "Doing"),
        ("Salary tables", "Resources"),
        ("What to wear", "Reading list"),
        ("<Company> – <Role>", "To apply"),
        ("TEMPLATE: Company - Job title", "To apply"),
    ],
)
def test_chores_links_and_templates_are_no_applications(name: str, of: str, tmp_path: Path) -> None:
    snapshot = trello(tmp_path, (name, of), ("Acme - Cook", "Applied"))
    assert [one.company for one in snapshot.applications] == ["Acme"]
    assert len(snapshot.rejected) == 1


def test_fields_of_ones_own_stand_before_the_name_of_the_card(tmp_path: Path) -> None:
    snapshot = trello(
        tmp_path, ("Acme", "Applied"), header=CARD + ",Position,Applied Date",
        Position="Cook", **{"Applied Date": "2027-01-12"},
    )  # fmt: skip
    (one,) = snapshot.applications
    assert (one.company, one.job_title, str(one.applied_on)) == ("Acme", "Cook", "2027-01-12")


def test_a_list_column_of_another_name_is_told_and_stood_in_for(tmp_path: Path) -> None:
    path = tmp_path / "board.csv"
    rows = ("1,Acme - Cook,,,,,,,Applied,Jobs,false", "2,Bolt - Chef,,,,,,,Rejected,Jobs,false")
    path.write_text("\n".join([CARD.replace("List Name", "Column Name"), *rows]), encoding="utf-8")
    snapshot = read(path, "trello")
    assert [str(one.stage) for one in snapshot.applications] == ["applied", "rejected"]
    assert any(
        '"List Name" is not there any more; stage is read from "Column Name"' in n for n in snapshot.notes
    )


def notion(folder: Path, tables: dict[str, str]) -> Snapshot:
    path = folder / "Export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"Private & Shared/{name} {PAGE}_all.csv", "\ufeff" + text)
            archive.writestr(f"Private & Shared/{name} {PAGE}/Acme {PAGE}.md", "# Acme")
    return read(path, "notion")


ROWS = {
    "January 12, 2027": 'Job,Company,Stage,Applied\nCook,Acme {0},Applied,"January 12, 2027"\n',
    "a range": 'Job,Company,Stage,Applied\nCook,Acme {0},Applied,"January 12, 2027 → January 14, 2027"\n',
    "with a time": 'Job,Company,Stage,Applied\nCook,Acme {0},Applied,"January 12, 2027 9:30 AM (GMT+1)"\n',
    "12. Januar": "Stelle,Firma,Status,Beworben am\nCook,Acme {0},Beworben,12. Januar 2027\n",
    "12 janvier": "Poste,Entreprise,Statut,Date de candidature\nCook,Acme {0},Envoyée,12 janvier 2027\n",
    "2027年": "職種,会社名,ステータス,応募日\nCook,Acme {0},応募済み,2027年1月12日\n",
    "Name is the company": "Name,Position,Status,Date applied\nAcme {0},Cook,Applied,2027/01/12\n",
    "both in the name": "Name,Status,Applied\nAcme - Cook,Applied,2027/01/12\nChef @ Bolt,Saved,\n"
    "Baker at Elm,Saved,\n",
}


@pytest.mark.parametrize("rows", ROWS)
def test_a_database_is_read_by_its_users_headers_in_the_users_language(rows: str, tmp_path: Path) -> None:
    one, *_ = notion(tmp_path, {"Jobs": ROWS[rows].replace("{0}", LINK)}).applications
    assert (one.company, one.job_title, str(one.applied_on), one.stage) == (
        "Acme",
        "Cook",
        "2027-01-12",
        "applied",
    )


RANGES = {
    "September 20, 2025 → September 24, 2025": True,
    "20. September 2025 → 24. September 2025": True,
    "20 de septiembre de 2025 → 24 de septiembre de 2025": True,
    "20/09/2025 → 24/09/2025": True,
    "2025/09/20 9:00 AM (GMT+2) → 2025/09/24 10:00 AM (GMT+2)": True,
    "September 20, 2025 9:00 AM → 10:00 AM": True,
    "2025-01-03 Applied → 2025-02-01 Interview": False,
    "Applied (Jan 3, 2025) → Offer (Feb 2, 2025)": False,
    "Round 1 → Round 2": False,
}


@pytest.mark.parametrize("cell", RANGES)
def test_a_range_of_days_tells_a_loose_table_of_notion_and_a_path_of_stages_does_not(
    cell: str, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f'Job,Company,Status,Talks\nCook,Acme,Applied,"{cell}"\n', encoding="utf-8")
    assert choose(str(path)).name == ("notion" if RANGES[cell] else "spreadsheet")


def test_tables_beside_the_applications_are_passed_over(tmp_path: Path) -> None:
    tables = {
        "Jobs": ROWS["a range"].replace("{0}", LINK),
        "Companies": "Name,Industry\nAcme,Robots\nBolt,Ships\n",
        "Tasks": 'Name,Status,Due\nUpdate CV,Done,"January 12, 2027"\nAsk Sam,Not started,\n',
        "Talks": "Name,Company,Date,Type,Status\nPanel,Acme {0},2027-01-20,Onsite,Done\n".replace(
            "{0}", LINK
        ),
        "People": "Name,Email,Company,Title,Status\nSam Hill,sam.hill@acme.example,Acme,Owner,Contacted\n"
        "Alex Moor,alex.moor@bolt.example,Bolt,Recruiter,Replied\n",
    }
    snapshot = notion(tmp_path, tables)
    assert [(one.company, one.job_title) for one in snapshot.applications] == [("Acme", "Cook")]
    assert sum("lies beside the table of applications" in note for note in snapshot.notes) == 3


def test_a_list_of_links_holds_no_applications_whatever_sign_stands_before_its_name(tmp_path: Path) -> None:
    found = trello(tmp_path, ("Salary negotiation article", "ℹ️ Links & tips"), ("Acme - Cook", "✉️ Applied"))
    assert [(one.company, str(one.stage)) for one in found.applications] == [("Acme", "applied")]
