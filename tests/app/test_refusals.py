"""Records that the CRM refuses: kept with the reason, tried when they change, in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from crm_sync.app.edits import move
from crm_sync.app.house import Wishes
from crm_sync.app.words import LoggedCall, log
from crm_sync.crms.memory import MemoryCrm
from crm_sync.domain.items import Change, Item, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.stages import Stage
from crm_sync.errors import CrmUnavailable, UsageError
from crm_sync.ports import Outcome, Refused, Unknown
from tests.app.building import Place, application


@dataclass
class ChoosyCrm(MemoryCrm):
    """A CRM that refuses records in which a certain word stands."""

    hated: str = "Bad"
    asked: list[Key] = field(default_factory=list)

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        self.asked += [item.key for item in items]
        yield from (
            Refused(item.key, "no such word here") for item in items if self._hates(item.fields.values())
        )
        yield from super().create([item for item in items if not self._hates(item.fields.values())], ids)

    def update(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        self.asked += [change.key for change in changes]
        yield from (Refused(c.key, "no such word") for c in changes if self._hates(c.fields.values()))
        yield from super().update([c for c in changes if not self._hates(c.fields.values())])

    def _hates(self, values: object) -> bool:
        return self.hated in str(list(values))  # type: ignore[call-overload]


def choosy() -> tuple[Place, ChoosyCrm]:
    crm = ChoosyCrm()
    return Place(crm=crm), crm


BAD = application("Acme", "Engineer", location="Bad Homburg")


class ForgetfulCrm(MemoryCrm):
    """A CRM that does what a person says, and whose answer never comes."""

    def edit(self, change: Change) -> Outcome:
        super().edit(change)
        return Unknown(change.key, "no answer came")


def test_of_a_move_whose_answer_was_lost_nobody_knows_whether_it_arrived() -> None:
    place = Place(crm=ForgetfulCrm())
    place.sync(application())
    with pytest.raises(CrmUnavailable) as told:
        move(place.house, place.dossier(), date(2027, 2, 3))
    assert told.value.message == "nobody knows whether it arrived: no answer came"
    assert told.value.hint == "Look with `crm-sync deals`."


def test_a_call_that_the_crm_refused_cannot_be_moved_there() -> None:
    place = Place(crm=ChoosyCrm(hated="Call Acme"))
    place.sync(application())
    assert place.dossier().course.task is not None
    with pytest.raises(UsageError) as told:
        move(place.house, place.dossier(), date(2027, 2, 3))
    assert told.value.message == "its task is not in the CRM"
    assert told.value.hint == "Import the file again, then try once more."


def test_a_refused_deal_stops_no_other_and_is_told_with_its_row() -> None:
    place, _ = choosy()

    report = place.sync(BAD, application("Bolt"))

    assert len(place.live(Kind.DEAL)) == 1
    assert len(place.open_calls()) == 1
    refused = [f for f in report.failures if f.key.kind is Kind.DEAL]
    assert [(f.reason, f.origin) for f in refused] == [
        ("no such word here", "/home/someone/tracker.csv, row 2")
    ]


def test_what_was_refused_is_not_sent_again_nor_are_its_calls() -> None:
    place, crm = choosy()
    place.sync(BAD, application("Bolt"))
    crm.asked.clear()

    report = place.sync(BAD, application("Bolt"))

    assert crm.asked == []
    assert report.plan is not None
    assert report.plan.operations == ()
    assert report.failures == []
    assert report.calls_planned == 0


def test_a_run_in_which_something_was_refused_has_ended_and_its_file_counts_as_read() -> None:
    place, _ = choosy()
    place.sync(BAD, application("Bolt"))

    assert place.ledger.runs("memory")[0].ended_at is not None
    assert [s.applications for s in place.ledger.sources("memory")] == [2]


def test_a_refused_deal_is_made_with_its_call_once_the_row_is_corrected() -> None:
    place, _ = choosy()
    place.sync(BAD)

    place.sync(replace(BAD, location="Homburg"))

    assert len(place.live(Kind.DEAL)) == 1
    assert len(place.open_calls()) == 1


def test_a_refused_deal_is_made_with_its_call_when_tried_again() -> None:
    place, crm = choosy()
    place.sync(BAD)
    crm.hated = "nothing of the kind"

    place.sync(BAD, wishes=Wishes(retry_failed=True))

    assert len(place.live(Kind.DEAL)) == 1
    assert len(place.open_calls()) == 1
    assert not place.sync(BAD).plan.operations  # type: ignore[union-attr]


def test_a_call_logged_on_a_refused_deal_waits_and_is_sent_with_it() -> None:
    place, _ = choosy()
    place.sync(BAD)
    key = place.dossier().key
    place.say(lambda desk: log(desk, key, LoggedCall(place.now)))
    assert place.live(Kind.CALL) == []

    place.sync(replace(BAD, location="Homburg"))

    assert len(place.live(Kind.CALL)) == 1


def test_a_refused_company_keeps_no_deal_from_being_made() -> None:
    place, crm = choosy()
    crm.hated = "boats.example"
    boats = application("Boats", company_domain="boats.example")
    place.sync(boats)

    assert len(place.live(Kind.DEAL)) == 1
    assert len(place.open_calls()) == 1
    assert place.live(Kind.COMPANY) == []
    assert not place.sync(boats).plan.operations  # type: ignore[union-attr]


def test_a_refused_change_leaves_the_deal_and_is_tried_with_the_next_change() -> None:
    place, crm = choosy()
    place.sync(application(location="Homburg"))
    place.sync(application(location="Bad Homburg"))
    crm.asked.clear()
    place.sync(application(location="Bad Homburg"))
    assert crm.asked == []

    place.sync(replace(application(location="Kassel"), stage=Stage.REJECTED))

    (deal,) = place.live(Kind.DEAL)
    assert (deal.fields["location"], deal.fields["stage"]) == ("Kassel", "rejected")
    assert place.open_calls() == []
