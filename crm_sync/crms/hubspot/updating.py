"""Writing over records that are there: read once more before, so that nobody's key or text is trampled on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from crm_sync.crms.fields import BLANK, tidied
from crm_sync.crms.hubspot.api import Api
from crm_sync.crms.hubspot.looking import Looking
from crm_sync.crms.hubspot.makers import with_owner
from crm_sync.crms.hubspot.markers import PROPERTY, value_of
from crm_sync.crms.hubspot.owners import Owners
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.records import TYPES, UNIQUE, Record, key_of, properties_of
from crm_sync.crms.hubspot.writing import Entry, Lost, Turned, Written, write
from crm_sync.domain.items import Change, Remote
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import RecordRefused
from crm_sync.ports import Done, Outcome, Refused, Unknown


class Updater:
    """Writes changes. ``written`` are the call tasks written by this object, by id, and when."""

    def __init__(self, api: Api, portal: Portal, owners: Owners, looking: Looking) -> None:
        self._api = api
        self._portal = portal
        self._owners = owners
        self._looking = looking
        self.written: dict[str, datetime] = {}

    def update(self, kind: Kind, changes: Sequence[Change], *, adopting: bool = True) -> Iterator[Outcome]:
        """Write up to a hundred changes of one kind; *adopting* gives a record without key ours."""
        if kind not in UNIQUE and not any(change.fields for change in changes):
            yield from (Done(c.key, Remote(c.remote_id, kind, None, BLANK[kind])) for c in changes)
            return
        held = self._looking.records(kind, [change.remote_id for change in changes])
        entries: list[Entry] = []
        waiting: list[Change] = []
        taken: set[str] = set()
        for change in changes:
            if change.remote_id in taken:
                waiting.append(change)  # HubSpot refuses an id that stands twice in a batch
                continue
            taken.add(change.remote_id)
            try:
                entry = self._entry(change, held.get(change.remote_id), adopting=adopting)
            except RecordRefused as refusal:
                yield Refused(change.key, refusal.message)
                continue
            if entry.sent:
                entries.append(entry)
            else:
                record = held[change.remote_id]
                yield Done(
                    change.key, self._looking.remote(kind, record, key=self._named(change.key, record))
                )
        yield from self._write(kind, entries, held)
        if waiting:
            yield from self.update(kind, waiting, adopting=adopting)

    def _entry(self, change: Change, before: Record | None, *, adopting: bool) -> Entry:
        key = change.key
        if before is None:
            raise RecordRefused(f"there is no record {change.remote_id}")
        carried = key_of(key.kind, before.properties)
        if carried is not None and carried.id != key.id:
            raise RecordRefused(f"{change.remote_id} carries the key {carried.id}")
        fields = with_owner(tidied(key.kind, change.fields), self._owners)
        properties = properties_of(key, fields, self._portal, before)
        if key.kind in UNIQUE and carried is None and adopting:
            properties[PROPERTY] = value_of(key)
        return Entry(key, {"id": change.remote_id, "properties": properties}, change.remote_id)

    def _write(self, kind: Kind, entries: Sequence[Entry], held: dict[str, Record]) -> Iterator[Outcome]:
        verb = self._api.update
        for result in write(entries, lambda inputs: verb(TYPES[kind], inputs), lambda r: str(r.get("id"))):
            entry = result.entry
            match result:
                case Written(_, record, _):
                    if kind is Kind.TASK and record.updated_at:
                        self.written[record.id] = record.updated_at
                    whole = {**held[record.id].properties, **record.properties}
                    full = Record(record.id, whole, record.updated_at)
                    yield Done(entry.key, self._looking.remote(kind, full, key=self._named(entry.key, full)))
                case Turned(_, reason, _):
                    yield Refused(entry.key, reason)
                case Lost(_, reason):
                    yield Unknown(entry.key, reason)

    def _named(self, key: Key, record: Record) -> Key | None:
        """Return the key a record is answered under: none where it carries none and may carry one."""
        return key if key.kind not in UNIQUE or key_of(key.kind, record.properties) else None
