"""What has no business in a CRM stays outside, whatever language its header speaks."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest

from crm_sync.domain.applications import Application
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Document, Table
from crm_sync.reading import read, understand
from crm_sync.reading.unwanted import cut_at_unwanted, is_unwanted, without_unwanted

OPTIONS = ReadingOptions(datetime.date(2027, 2, 1))
UNWANTED = """
    Date of Birth|dateOfBirth|date_of_birth|DOB|D.O.B.|candidate.dateOfBirth|dateofbirth|Year of birth|SSN
    ssn (last 4)|socialSecurityNumber|EEO|EEOC Gender|eeo_race|gender identity|candidate[gender]
    Ethnicity/Race|protectedVeteran|Are you a protected veteran?|Disability status: no|HispanicOrLatino
    Marital_Status|Sexual Orientation|Preferred pronouns|NATIONALITY|passportNo|Religion|Aadhaar No|Age
    Geburtsdatum|Geb.-Datum|Geschlecht|Staatsangehörigkeit|Schwerbehinderung (GdB)|Familienstand
    Date de naissance|N° sécurité sociale|Sexe|Situation familiale|Fecha de nacimiento|Género|Estado civil
    Data de Nascimento|CPF|Raça/Cor|Codice Fiscale|Data di nascita|Carta d'identità|Geboortedatum|Geslacht
    Płeć|PESEL|Data urodzenia|Doğum Tarihi|Cinsiyet|T.C. Kimlik No|Medeni Hali|Kön|Födelsedatum|Personnummer
    出生日期|性别|候选人性别|身份证号|生年月日|性別|생년월일|성별
    Дата рождения|Пол|Паспорт серия|تاريخ الميلاد
"""
WELCOME = """
    Company|Job Title|Status|Date Applied|Source|Herkunft|Notes|Stage|Embrace|Essex|Sexton Ltd|Location|Salary
    Days since|Candidate|Candidate Stage|Phone|Passed|Anrede|Genre musical|disqualified|created_at|Standort
    Resume|Referral|Work authorization|Language|Management|Message|Package|externalID|Country|Dinner|Engelbert
"""


def words(text: str) -> list[str]:
    return [word for line in text.split("\n") for word in line.strip().split("|") if word]


@pytest.mark.parametrize("header", words(UNWANTED))
def test_a_header_of_what_has_no_business_in_a_crm_is_known(header: str) -> None:
    assert is_unwanted(header)


@pytest.mark.parametrize("header", words(WELCOME))
def test_other_headers_may_enter(header: str) -> None:
    assert not is_unwanted(header)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Why us?: I like it | Gender: female | Salary: 50", "Why us?: I like it | Salary: 50"),
        ("Date of birth: 1.1.1990", None),
        ("Note; dob: 1990-01-01; ok", "Note; ok"),
        ("First line\nDate of birth: 1.1.1990\nThird line", "First line\nThird line"),
        ("Are you a veteran? No | Visa? Yes", "Visa? Yes"),
        ("no labels | here", "no labels | here"),
        ("https://jobs.example/a?gender=f", "https://jobs.example/a?gender=f"),
    ],
)
def test_answers_that_have_no_business_in_a_crm_are_taken_out_of_a_text(text: str, left: str | None) -> None:
    assert without_unwanted(text) == left


def test_a_broken_line_is_shown_up_to_the_first_unwanted_key() -> None:
    assert cut_at_unwanted('broken: {"name": "Ada", "dob": "1990-01-01"') == 'broken: {"name": "Ada", …'
    assert cut_at_unwanted('broken: {"name": "Ada"') == 'broken: {"name": "Ada"'


def found(*rows: Sequence[Any], **columns: str) -> tuple[list[Any], tuple[str, ...]]:
    table = Table([list(row) for row in rows], list(range(1, len(rows) + 1)))
    document = Document("csv", (table,))
    understanding = understand(document, ReadingOptions(OPTIONS.today, columns=columns))
    return list(read(document, understanding)), understanding.notes


CANDIDATES = (
    ["Candidate", "E-mail", "Position", "Status", "Geburtsdatum", "Gender", "Ref", "Notes"],
    ["Ada Lind", "ada@mailbox.example", "Cook", "Rejected", "1990-05-17", "w", "078-05-1120", "Sex: w; ok"],
    ["Bo Falk", "bo@mailbox.example", "Cook", "Applied", "1991-06-18", "m", "078-05-1121", "fine"],
    ["", "", "", "Applied", "1992-07-19", "x", "078-05-1122", "who?"],
    ["Cy Moor", "cy@mailbox.example", "Chef", "Applied", "of late", "1993-08-20", "m", "078-05-1123", "odd"],
)  # fmt: skip


def test_no_application_and_no_rejected_row_holds_what_was_left_out() -> None:
    rows, notes = found(*CANDIDATES)
    kept = repr(rows)
    assert "Ada Lind" in kept
    assert "who?" in kept
    for secret in ("1990", "1991", "1992", "1993", "078-05", "'w'", "Sex"):
        assert secret not in kept
    assert "left out, for it has no business in a CRM: Geburtsdatum, Gender, Ref" in notes


def test_a_date_of_birth_is_no_day_of_application_even_where_it_is_the_only_day() -> None:
    rows, _ = found(
        ["Company", "Role", "DOB"], ["Acme", "Cook", "1990-05-17"], ["Bolt", "Chef", "1991-06-18"]
    )
    assert [(one.company, one.applied_on) for one in rows] == [("Acme", None), ("Bolt", None)]


def test_not_even_the_user_maps_such_a_column() -> None:
    rows, notes = found(["Company", "Role", "Sex"], ["Acme", "Cook", "f"], ["Bolt", "Chef", "m"], notes="Sex")
    assert all(isinstance(one, Application) and one.notes is None for one in rows)
    assert notes == ("left out, for it has no business in a CRM: Sex",)


def test_a_column_of_printed_objects_with_such_a_question_is_left_out() -> None:
    rows, notes = found(
        ["Company", "Role", "Answers", "Raw", "More"],
        [
            "Acme",
            "Cook",
            '[{"question": "Gender", "answer": "secret"}]',
            "{'dateOfBirth': 'secret'}",
            '{"a": 1}',
        ],
        ["Bolt", "Chef", '[{"question": "Why?", "answer": "so"}]', "", '{"a": 2}'],
    )
    assert "secret" not in repr(rows)
    assert rows[1].cells == ("Bolt", "Chef", '{"a": 2}')
    assert notes == ("left out, for it has no business in a CRM: Answers, Raw",)
