"""Descriptions of two products that nobody ships, written from the two pages about it alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.plugins import choose
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.testing.connector_golden import TODAY

LADDER = """\
Ladder export;v3;;;;;;;;
;;;;;;;;;
#;Rung;Who;What for;Where from;Sent;Heard back;Talks;Fell off;Gender
7;2;Northwind Robotics (Ulm);Data Engineer;friend;5.1.27;;;;f
8;3;Harbour & Pine (Lyon);Product Analyst;board;7.1.27;14.1.27;2 talks;;f
9;5;Lumen Foods (Oslo);Planner;board;18.12.26;20.12.26;1 talk;22.12.26 not for us;f
10;0;Orbit Games (Bern);Backend Developer;;;;;;f
11;4;Kestrel Air (Rome);Operations Analyst;friend;20.12.26;3.1.27;;;f
12;9;Quill & Co (Graz);Writer;friend;20.12.26;3.1.27;3 talks;4.2.27 I said no;f
"""
OF_LADDER = r"""
name: ladder
title: Ladder
signature:
  all: [Rung, What for, Fell off]
  more: [Who, Sent, Heard back, Talks]
fields:
  external_id: "#"
  company: {from: Who, find: '^(.*?)\s*\('}
  location: {from: Who, find: '\((.*)\)'}
  job_title: What for
  applied_on: Sent
  source: Where from
stage:
  - {from: Fell off, words: {withdrawn: ['/I said no/'], rejected: ['/not for us/']}}
  - {from: Talks, means: interviewing}
  - {from: Heard back, means: screening}
  - {from: Rung, words: {saved: 0}, only: yes}
dates: {formats: ["%d.%m.%y"]}
"""
ORCHARD: Any = {
    "export": {
        "made": 1801440000,
        "trees": [
            {
                "season": "Spring",
                "branches": [
                    {
                        "uid": "b-1",
                        "firm": {"label": "Northwind Robotics", "site": "northwind-robotics.example"},
                        "job": {"labels": ["Data Engineer"], "href": "https://northwind.example/j/1"},
                        "log": [{"at": 1800348862074, "kind": "talk"}, {"at": 1799748862074, "kind": "sent"}],
                        "fruit": 2,
                        "people": [
                            {"role": "me", "mail": "robin@mailbox.example"},
                            {"role": "recruiter", "name": "Kim Lee", "mail": "kim@northwind.example"},
                        ],
                        "answers": [{"q": "Why?", "a": "Robots"}, {"q": "Date of birth?", "a": "1990-01-01"}],
                    },
                    {
                        "uid": "b-2",
                        "firm": {"label": "Harbour & Pine"},
                        "job": {"labels": ["Analyst"]},
                        "fruit": 0,
                    },
                ],
            },
            {
                "season": "Autumn",
                "branches": [
                    {
                        "uid": "b-3",
                        "firm": {"label": "Lumen Foods"},
                        "job": {"labels": ["Planner"]},
                        "log": [{"at": 1799748862074, "kind": "sent"}],
                        "fruit": 7,
                        "cut": {"why": "withered"},
                    }
                ],
            },
        ],
        "fruits": [{"no": 0, "name": "bud"}, {"no": 2, "name": "apple"}, {"no": 7, "name": "windfall"}],
    }
}  # fmt: skip
OF_ORCHARD = """
name: orchard
title: Orchard
records: export.trees.branches
signature:
  all: [uid, firm.label, fruit]
  more: [job.labels, log, people]
sides:
  fruits: {records: $.export.fruits, key: no}
fields:
  external_id: uid
  company: firm.label
  company_domain: {from: firm.site, optional: yes}
  job_title: "job.labels[0]"
  job_url: job.href
  applied_on: "log[kind=sent].at"
  contact_name: "people[role=recruiter].name"
  contact_email: "people[role=recruiter].mail"
  notes: {from: "answers[]", each: "{q} {a}", with: " | "}
  source: ^.season
stage:
  - {from: cut.why, means: rejected}
  - {from: fruit, look_up: fruits, take: name}
words:
  saved: bud
  interviewing: apple
"""


def look(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, description: str, export: str) -> Snapshot:
    own = folder / "own"
    own.mkdir()
    (own / f"{name}.yaml").write_text(description, encoding="utf-8")
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(own))
    path = folder / "export"
    path.write_text(export, encoding="utf-8")
    kind = choose(str(path))
    assert kind.name == name
    return kind.connect(str(path), ReadingOptions(TODAY)).fetch()


def shown(one: Application) -> tuple[str | None, str | None, str, str]:
    return one.company, one.job_title, str(one.applied_on), str(one.stage)


def test_a_table_with_several_odd_columns_of_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = look(tmp_path, monkeypatch, "ladder", OF_LADDER, LADDER)
    assert [shown(one) for one in found.applications] == [
        ("Northwind Robotics", "Data Engineer", "2027-01-05", "applied"),
        ("Harbour & Pine", "Product Analyst", "2027-01-07", "interviewing"),
        ("Lumen Foods", "Planner", "2026-12-18", "rejected"),
        ("Orbit Games", "Backend Developer", "None", "saved"),
        ("Kestrel Air", "Operations Analyst", "2026-12-20", "screening"),
        ("Quill & Co", "Writer", "2026-12-20", "withdrawn"),
    ]
    assert [(one.external_id, one.location) for one in found.applications][:2] == [
        ("7", "Ulm"),
        ("8", "Lyon"),
    ]
    assert found.notes[1] == "left out, for it has no business in a CRM: Gender"


def test_objects_inside_of_lists_inside_of_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = look(tmp_path, monkeypatch, "orchard", OF_ORCHARD, json.dumps(ORCHARD))
    assert [(*shown(one), one.source) for one in found.applications] == [
        ("Northwind Robotics", "Data Engineer", "2027-01-12", "interviewing", "Spring"),
        ("Harbour & Pine", "Analyst", "None", "saved", "Spring"),
        ("Lumen Foods", "Planner", "2027-01-12", "rejected", "Autumn"),
    ]
    first = found.applications[0]
    assert (first.contact_name, first.contact_email) == ("Kim Lee", "kim@northwind.example")
    assert (first.notes, first.company_domain) == ("Why? Robots", "northwind-robotics.example")
    assert "left out, for it has no business in a CRM: date of birth" in found.notes
