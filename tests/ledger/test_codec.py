"""Every field of every noun is written down: a field that is added later must be, too."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest

from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import Course, Dossier
from crm_sync.domain.stages import Stage
from crm_sync.ledger.bodies import body_from, text_of
from crm_sync.ledger.codec import DOSSIER, SOURCE, dossier_text
from crm_sync.testing.ledger_samples import full_dossier, full_link, run, source, touch

ROW = Application(2, None, "spreadsheet", "Acme", "Engineer", Stage.APPLIED)
BEGUN = Course(Stage.APPLIED, date(2027, 2, 1))


@pytest.mark.parametrize(
    "sample", [full_dossier("k1"), source(), run("r1"), touch("t1", "k1"), full_link("k1")]
)
def test_the_samples_of_the_contract_leave_no_field_at_its_default(sample: Any) -> None:
    """``retired`` alone is: a retired link is another sample."""
    assert set(fields_at_default(sample)) <= {"Link.retired"}


def fields_at_default(value: Any) -> list[str]:
    found = []
    for each in fields(value):
        part = getattr(value, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if part == default:
            found.append(f"{type(value).__name__}.{each.name}")
        if is_dataclass(part):
            found += fields_at_default(part)
    return found


def test_a_body_is_plain_ascii_and_says_its_version() -> None:
    text = dossier_text(full_dossier("公司"))
    assert text.isascii()
    assert body_from(text)["v"] == 1


def test_a_dossier_whose_course_is_shared_is_written_as_a_whole() -> None:
    for dossier in (full_dossier("k1"), full_dossier("k2"), Dossier("k3", "me", ROW, BEGUN)):
        assert body_from(dossier_text(dossier)) == body_from(text_of(DOSSIER.body(dossier)))


def test_defaults_are_left_out() -> None:
    assert "rejected" not in SOURCE.body(replace(source(), rejected=()))
