"""A text that names company and job is taken apart; the column's other texts help where the words do not."""

from __future__ import annotations

import pytest

from crm_sync.reading.halves import Halves

PAIRS = {
    "Northwind Robotics - Data Engineer": ("Northwind Robotics", "Data Engineer"),
    "Data Engineer – Northwind Robotics": ("Northwind Robotics", "Data Engineer"),
    "Data Engineer @ Northwind": ("Northwind", "Data Engineer"),
    "Data Engineer @Northwind": ("Northwind", "Data Engineer"),
    "Planner at Lumen Foods": ("Lumen Foods", "Planner"),
    "Köchin bei Wiese & Söhne": ("Wiese & Söhne", "Köchin"),
    "Lumen Foods: Planner": ("Lumen Foods", "Planner"),
    "Orbit Games | Backend Developer (m/w/d)": ("Orbit Games", "Backend Developer (m/w/d)"),
    "Data Engineer - Northwind - Berlin": ("Northwind", "Data Engineer"),
    "🔥 Northwind - Data Engineer": ("Northwind", "Data Engineer"),
    "2. Northwind — Data Engineer": ("Northwind", "Data Engineer"),
    "[Northwind - Data Engineer](https://northwind.example/1)": ("Northwind", "Data Engineer"),
    "Northwind - Data Engineer https://northwind.example/1": ("Northwind", "Data Engineer"),
    "Northwind, Data Engineer": ("Northwind", "Data Engineer"),
    "Northwind (Data Engineer)": ("Northwind", "Data Engineer"),
    "[Northwind] Data Engineer": ("Northwind", "Data Engineer"),
    "Northwind- Data Engineer": ("Northwind", "Data Engineer"),
    "Northwind\nData Engineer": ("Northwind", "Data Engineer"),
    "Northwind • Berlin • Data Engineer": ("Northwind", "Data Engineer"),
    "Northwind / Data Engineer / 2027-01-12": ("Northwind", "Data Engineer"),
    "Northwind - Engineer - Backend": ("Northwind", "Engineer - Backend"),
    "Director at Large @ Northwind": ("Northwind", "Director at Large"),
    "Data Engineer, Berlin": (None, "Data Engineer, Berlin"),
    "Data Engineer (Remote)": (None, "Data Engineer (Remote)"),
    "[Remote] Data Engineer": (None, "[Remote] Data Engineer"),
    "Tern-and-Sons Analyst": (None, "Tern-and-Sons Analyst"),
    "Data Engineer": (None, "Data Engineer"),
    "Northwind": ("Northwind", None),
    "": (None, None),
}


@pytest.mark.parametrize("text", PAIRS)
def test_one_text_names_company_and_job(text: str) -> None:
    assert Halves(()).of(text) == PAIRS[text]


def test_where_the_words_leave_it_open_the_column_tells() -> None:
    titles_first = ["Data Engineer - Northwind", "Planner - Lumen", "Cook - Tern", "Analyst - Orbit Games"]
    assert Halves(titles_first).of("Stargazing - Kestrel Air") == ("Kestrel Air", "Stargazing")
    assert Halves(()).of("Kestrel Air - Stargazing") == ("Kestrel Air", "Stargazing")


def test_a_column_of_one_mind_beats_a_company_that_sounds_like_a_job() -> None:
    firms_first = [f"{firm} - Engineer" for firm in ("Northwind", "Lumen", "Tern", "Orbit", "Kestrel")]
    assert Halves(firms_first).of("Analyst Partners - Stargazing") == ("Analyst Partners", "Stargazing")
