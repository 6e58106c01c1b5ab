"""Writing batches of records: each answered for itself, by trace id or key, never by position."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_sync.crms.hubspot.api import Input
from crm_sync.crms.hubspot.markers import PROPERTY
from crm_sync.crms.hubspot.records import Properties, Record
from crm_sync.crms.hubspot.refusals import Rejection, record_errors, unavailable
from crm_sync.crms.hubspot.wire import Answer
from crm_sync.crms.trouble import Trouble
from crm_sync.domain.keys import Key
from crm_sync.errors import NotAllowed

_OF_RECORDS = frozenset({400, 404, 409})
NOT_SET_UP = "Run `crm-sync setup` for this CRM once: it makes what is missing, and nothing else."


@dataclass(frozen=True, slots=True)
class Entry:
    """One input of a batch: our key, what HubSpot is sent, and by what its answer is known again."""

    key: Key
    input: Input
    sign: str = ""

    @property
    def sent(self) -> Properties:
        """Return the properties that are written."""
        sent: Properties = self.input["properties"]
        return sent


@dataclass(frozen=True, slots=True)
class Written:
    """HubSpot wrote it; ``new`` is None where it did not say whether the record was new."""

    entry: Entry
    record: Record
    new: bool | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """HubSpot refused it; ``existing`` is the record that has its unique value already."""

    entry: Entry
    reason: str
    existing: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Nobody knows."""

    entry: Entry
    reason: str


Result = Written | Turned | Lost
Sign = Callable[[Mapping[str, Any]], str]
"""What a result is known again by, where its trace id is not told."""


def write(
    entries: Sequence[Entry], verb: Callable[[Sequence[Input]], Answer], sign: Sign
) -> Iterator[Result]:
    """Send entries as one batch; one result per entry.

    A batch that is refused as a whole is halved until the bad ones are alone: a refused batch wrote nothing.
    Raises NotAllowed where the portal lacks our property, CrmUnavailable where no record is to blame.
    """
    if not entries:
        return
    traced = [{**entry.input, "objectWriteTraceId": str(number)} for number, entry in enumerate(entries)]
    try:
        answer = verb(traced)
    except Rejection as rejection:
        yield from _refused(rejection, entries, verb, sign)
    except Trouble as trouble:
        yield from (Lost(entry, trouble.message) for entry in entries)
    else:
        yield from _sorted_out(answer, entries, sign)


def _refused(
    rejection: Rejection, entries: Sequence[Entry], verb: Callable[[Sequence[Input]], Answer], sign: Sign
) -> Iterator[Result]:
    if _is_ours(rejection):
        raise NotAllowed(f"the portal has no property {PROPERTY} as we need it", NOT_SET_UP) from rejection
    if rejection.status not in _OF_RECORDS:
        raise unavailable(
            f"HubSpot refused a request ({rejection.status}): {rejection.reason}"
        ) from rejection
    if len(entries) == 1:
        existing = next((e.existing for e in record_errors({"errors": [rejection.body]})), None)
        yield Turned(entries[0], rejection.reason, existing)
        return
    middle = len(entries) // 2
    for half in (entries[:middle], entries[middle:]):
        yield from write(half, verb, sign)


def _is_ours(rejection: Rejection) -> bool:
    """Tell whether the refusal is about our own property, which only setup can make."""
    text = str(rejection.body.get("message"))
    return PROPERTY in text and (
        "PROPERTY_DOESNT_EXIST" in text or "non-unique" in text or "not exist" in text
    )


def _sorted_out(answer: Answer, entries: Sequence[Entry], sign: Sign) -> Iterator[Result]:
    by_sign = {entry.sign: entry for entry in entries if entry.sign}
    left = {entry.key: entry for entry in entries}
    for result in answer.body.get("results") or ():
        entry = _entry_of(str(result.get("objectWriteTraceId") or ""), entries) or by_sign.get(sign(result))
        if entry is not None and left.pop(entry.key, None) is not None:
            yield Written(entry, _record(entry, result), result.get("new"))
    for error in record_errors(answer.body):
        for entry in _blamed(error.traces, error.ids, entries):
            if left.pop(entry.key, None) is not None:
                yield Turned(entry, error.reason, error.existing)
    for entry in left.values():
        yield Lost(entry, "HubSpot's answer did not tell of it")


def _entry_of(trace: str, entries: Sequence[Entry]) -> Entry | None:
    return entries[int(trace)] if trace.isdecimal() and int(trace) < len(entries) else None


def _blamed(traces: Sequence[str], ids: Sequence[str], entries: Sequence[Entry]) -> Iterator[Entry]:
    found = [entry for trace in traces if (entry := _entry_of(trace, entries))]
    yield from found
    if not found:
        yield from (entry for entry in entries if str(entry.input.get("id") or "-") in ids)


def _record(entry: Entry, result: Mapping[str, Any]) -> Record:
    """Return what HubSpot holds: what it told, and what it was sent where it told nothing."""
    record = Record.of(result)
    return Record(record.id, {**entry.sent, **record.properties}, record.updated_at)
