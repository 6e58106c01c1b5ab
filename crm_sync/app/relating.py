"""Relations between records: made once both are there, and what it means where one of them is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crm_sync.app.bench import Bench
from crm_sync.app.errands import Answers, Errand
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Key
from crm_sync.domain.links import Link
from crm_sync.planning.operations import Connect
from crm_sync.ports import CRM, Done, Refused, Unknown


class Relating:
    """Makes the relations of a plan."""

    def __init__(self, crm: CRM, bench: Bench) -> None:
        self._crm = crm
        self._bench = bench

    def connect(self, batch: Sequence[Connect]) -> Iterator[Errand]:
        """Yield the call that makes the relations of a batch which can be made and are not there yet."""
        pairs: list[tuple[Key, RemoteId, Key, RemoteId]] = []
        done = 0
        for step in batch:
            child, parent = self._bench.link(step.key), self._bench.link(step.parent)
            if step.parent in child.connected or child.retired:
                done += 1
            elif child.remote_id is None or parent.remote_id is None:
                self._bench.fail(step.key, f"its {step.parent.kind} is not there yet")
            else:
                pairs.append((step.key, child.remote_id, step.parent, parent.remote_id))
        self._bench.count(batch, done)
        if pairs:
            yield Errand(lambda: self._crm.connect(pairs), lambda a: self._settle_pairs(a, batch, pairs))

    def _settle_pairs(
        self,
        answers: Answers,
        batch: Sequence[Connect],
        pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]],
    ) -> None:
        parents: dict[Key, dict[RemoteId, Key]] = {}
        for child_key, _, parent_key, parent_id in pairs:
            parents.setdefault(child_key, {})[parent_id] = parent_key
        links = []
        refused: list[Refused] = []
        for outcome in answers.outcomes:
            match outcome:
                case Done():
                    links.append(self._connected(outcome, parents[outcome.key]))
                case Refused():
                    refused.append(outcome)
                case Unknown(key, reason):
                    self._bench.fail(key, reason)
        self._bench.count(batch, len(links))
        self._bench.record(links)
        self._notice_the_gone(refused, pairs)

    def _notice_the_gone(
        self, refused: Sequence[Refused], pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]]
    ) -> None:
        """Let go of records whose relation was refused because a person had removed one of the two."""
        children = {outcome.key for outcome in refused}
        suspects = {
            key: remote_id
            for child, child_id, parent, parent_id in pairs
            if child in children
            for key, remote_id in ((child, child_id), (parent, parent_id))
        }
        found = self._crm.look_up(suspects) if suspects else {}
        gone = [key for key in suspects if key not in found]
        self._bench.record(replace(self._bench.link(key), retired=True) for key in gone)
        self._bench.built.noticed += gone
        for outcome in refused:
            if not any(key in gone for pair in pairs if pair[0] == outcome.key for key in pair[0::2]):
                self._bench.fail(outcome.key, outcome.reason, refused=True)

    def _connected(self, outcome: Done, parents: Mapping[RemoteId, Key]) -> Link:
        seen = (key for remote_id, key in parents.items() if remote_id in outcome.remote.relations)
        link = self._bench.link(outcome.key).connecting(seen)
        self._bench.take_up(link)
        return link
