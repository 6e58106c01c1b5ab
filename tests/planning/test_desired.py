from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import Course, Dossier
from crm_sync.domain.items import Fields, Item
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.stages import Stage
from crm_sync.planning import desired as wishes
from crm_sync.planning.desired import Basis, desired

EVIDENCE = {"company:domain:acme.example": "acme"}


def dossier(number: int, **said: str | None) -> Dossier:
    application = Application(number, None, "spreadsheet", "Acme", "Engineer", Stage.APPLIED, **said)  # type: ignore[arg-type]
    contact = "jane" if application.contact_email else None
    return Dossier(f"a{number}", "me", application, Course(Stage.APPLIED, date(2027, 2, 1)), "acme", contact)


def wished(dossiers: Iterable[Dossier]) -> list[Item]:
    return list(desired(dossiers, Basis({}, {}, lambda _, __: ("", ""), None), EVIDENCE))


def fields(items: Iterable[Item], kind: Kind) -> list[Fields]:
    return [item.fields for item in items if item.key.kind is kind]


def test_every_application_fills_its_company_and_contact_and_the_first_word_stands() -> None:
    first = dossier(1)
    second = dossier(2, contact_email="jane@acme.example", contact_name="Jane Roe")
    third = dossier(3, contact_email="jane@acme.example", contact_name="J. Roe", contact_phone="+49301234567")
    items = wished([first, second, first, third, second, third])
    assert fields(items, Kind.COMPANY) == [{"name": "Acme", "domain": "acme.example"}]
    assert fields(items, Kind.CONTACT) == [
        {"name": "Jane Roe", "email": "jane@acme.example", "phone": "+49301234567"}
    ]


def test_a_contact_of_two_companies_belongs_to_both() -> None:
    here = dossier(1, contact_email="jane@acme.example")
    there = replace(dossier(2, contact_email="jane@acme.example"), company_key="other")
    (jane,) = [item for item in wished([here, there, here]) if item.key.kind is Kind.CONTACT]
    assert jane.parents == (Key(Kind.COMPANY, "", "acme"), Key(Kind.COMPANY, "", "other"))


def test_what_many_applications_say_of_one_company_is_weighed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Application] = []

    def domain_known(application: Application, *_: object) -> str | None:
        asked.append(application)
        return None

    monkeypatch.setattr(wishes, "domain_known", domain_known)
    wished([dossier(number, contact_email="jane@acme.example") for number in range(30)])
    assert len(asked) == 1
