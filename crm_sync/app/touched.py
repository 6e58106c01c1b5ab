"""Whether anybody touched a record or an application since a run, and how that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from crm_sync.app.house import House
from crm_sync.domain.dossiers import Dossier, Preparation
from crm_sync.domain.items import Remote
from crm_sync.domain.journal import Line
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link, fingerprint
from crm_sync.domain.touches import Touch
from crm_sync.ports import Changes, Ledger, Run

_WRITES = frozenset({"create", "update", "cancel", "source"})
_WORDS = frozenset({"snooze_until", "manual_start", "phone", "do_not_call", "preparation"})
UNDO = "undo"


def why_touched(link: Link | None, found: Remote) -> str:
    """Return how a person changed a record since we last saw it, "" where nobody did."""
    if link is None:
        return ""
    for name, mark in link.marks.items():
        ours = {mark.seen, mark.pending} - {None}
        if ours and fingerprint(found.fields.get(name)) not in ours:
            return f"somebody changed its {name.replace('_', ' ')} in the CRM"
    return ""


@dataclass(slots=True)
class Since:
    """What happened after a run: later writes of ours by record and field, and people's words."""

    writes: dict[Key, dict[str, str]] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, house: House, run: Run, dossiers: Mapping[str, Dossier]) -> Since:
        """Return what the journal tells of later runs, and what the CRM tells that was not heard yet."""
        since = cls()
        since._read(house, run)
        touches = house.ledger.touches(run.account, run.user)
        for key, dossier in dossiers.items():
            why = _own_words(dossier, touches.get(key, ()))
            if why:
                since.people.setdefault(key, why)
            if dossier.merged_into:
                since.people[key] = since.people[dossier.merged_into] = "somebody merged it with another one"
        since._listen(house, house.crm.changes(house.ledger.cursor(run.account)))
        return since

    def why(self, dossier: Dossier) -> str:
        """Return why an application must stay, "" where nobody touched it."""
        return self.people.get(dossier.key, "") or self.runs.get(dossier.key, "")

    def why_record(self, key: Key, name: str = "") -> str:
        """Return why a record, or one field of it, must stay."""
        written = self.writes.get(key, {})
        later = written.get(name) if name else next(iter(written.values()), None)
        return f"a later run wrote it; take {later} back first" if later else ""

    def _read(self, house: House, run: Run) -> None:
        undone = _undo_runs(house.ledger)
        before = True
        for page in house.ledger.journal(run.account):
            before = before and page.run != run.id
            if before or page.run == run.id or undone(page.run):
                continue
            for line in page.lines:
                self._take(line, page.run)

    def _take(self, line: Line, run: str) -> None:
        for ident, news in line.told.items():
            if line.what in _WRITES:
                self._write(Key(line.kind, line.owner, ident), news, run)
            elif line.what in _SAID and (line.what != "course" or _WORDS & news.keys()):
                self.people[ident] = _SAID[line.what]

    def _write(self, key: Key, news: object, run: str) -> None:
        fields = news if isinstance(news, dict) else {"": None}
        self.writes.setdefault(key, {}).update(dict.fromkeys(fields, run))
        if key.kind not in {Kind.COMPANY, Kind.CONTACT}:
            application = key.id.partition(":")[0]
            self.runs[application] = f"a later run changed it; take {run} back first"

    def _listen(self, house: House, changes: Changes) -> None:
        """Take in what people did in the CRM a moment ago; it is heard, and written down, by the next run."""
        asked = {(remote.kind, remote.id) for remote in changes.records}
        asked |= {(Kind.DEAL, related) for remote in changes.records for related in remote.relations}
        ids = house.ledger.keys_of(house.account.name, asked)
        links = house.ledger.links(house.account.name, set(ids.values()))
        for remote in changes.records:
            key = ids.get((remote.kind, remote.id))
            if key is not None and why_touched(links.get(key), remote):
                self.people.setdefault(key.id.partition(":")[0], "somebody changed it in the CRM")
            if remote.kind is Kind.CALL and key is None:
                deals = (ids.get((Kind.DEAL, related)) for related in remote.relations)
                self.people.update({deal.id: "calls were logged on it" for deal in deals if deal})


_SAID = {
    "heard": "people did something to it in the CRM",
    "touched": "calls were logged on it",
    "course": "somebody decided about it",
}


def _undo_runs(ledger: Ledger) -> Callable[[str], bool]:
    """Return the question whether a run took another one back, each run looked up once."""

    @cache
    def undone(ident: str) -> bool:
        return any(each.command == UNDO for each in ledger.find_runs(ident))

    return undone


def _own_words(dossier: Dossier, touches: tuple[Touch, ...]) -> str:
    course = dossier.course
    if touches:
        return "calls were logged on it"
    if course.preparation != Preparation():
        return "somebody prepared its brief"
    if course.snooze_until or course.manual_start or course.phone or course.crm_stage:
        return "somebody decided about it"
    return ""
