"""What the CRMs of this house make of the fields they are told: they tidy, check, and keep a task's end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

from crm_sync.domain.items import Fields, Value
from crm_sync.domain.keys import Kind
from crm_sync.errors import RecordRefused

WRITABLE: Mapping[Kind, frozenset[str]] = {
    Kind.COMPANY: frozenset({"name", "domain"}),
    Kind.CONTACT: frozenset({"name", "email", "phone", "title"}),
    Kind.DEAL: frozenset(
        {"name", "stage", "owner", "job_title", "job_url", "location", "applied_on", "salary", "source"}
    ),
    Kind.TASK: frozenset({"open", "due_at", "subject", "body", "priority", "owner"}),
    Kind.CALL: frozenset({"at", "outcome", "result", "note", "callback_on"}),
}
"""The fields of each kind that may be written (see ``Item``)."""

BLANK: Mapping[Kind, Fields] = {
    kind: dict.fromkeys(sorted(names | ({"completed_at"} if kind is Kind.TASK else set())))
    for kind, names in WRITABLE.items()
}
"""A record of each kind with nothing in it: every field it can tell, empty."""


def tidied(kind: Kind, fields: Fields) -> Fields:
    """Return the fields as a CRM keeps them: texts trimmed, an empty text None, NUL and half characters gone.

    Fields that are tidy already are returned as they are, the very same object.

    Raises RecordRefused for a field that the kind does not have, a time without zone or no time at all,
    a day that is none, and for anything but yes and no under ``open``.
    """
    if not fields.keys() <= WRITABLE[kind]:
        strange = min(fields.keys() - WRITABLE[kind])
        raise RecordRefused(f"a {kind} has no field {strange!r} that can be written")
    tidy: dict[str, Value] = {}
    for name, value in fields.items():
        if isinstance(value, str):
            plain = value.isascii() and "\0" not in value
            text = (value if plain else _whole(value)).strip() or None
            if text is not value:
                tidy[name] = text
        elif value is not None and name != "open":
            raise _unfit(name, value)
    whole = {**fields, **tidy} if tidy else fields
    for name, fits in _PARTICULAR[kind]:
        value = whole.get(name)
        if isinstance(value, str) and not fits(value):
            raise _unfit(name, value)
    return whole


def written(kind: Kind, before: Fields, fields: Fields, at: datetime) -> dict[str, Value]:
    """Return the record's fields after tidied *fields* were written over *before*.

    A task is open unless it is told otherwise; it is completed *at* the CRM's own time, keeps that time
    while it stays closed, and loses it when it is opened again.
    """
    after = {**before, **fields}
    if kind is Kind.TASK:
        after["open"] = after.get("open") is not False
        if after["open"]:
            after["completed_at"] = None
        elif after.get("completed_at") is None:
            after["completed_at"] = at.astimezone(UTC).isoformat()
    return after


def _whole(text: str) -> str:
    """Drop what no database keeps: NUL, and halves of characters (lone surrogates)."""
    text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "ignore").decode("utf-8")
    return text


def _unfit(name: str, value: Value) -> RecordRefused:
    return RecordRefused(f"{name} cannot be {value!r:.60}")


@lru_cache(maxsize=4096)
def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_FORMS: Mapping[str, Callable[[str], bool]] = {
    "due_at": _is_time,
    "at": _is_time,
    "applied_on": _is_day,
    "callback_on": _is_day,
    "open": lambda _: False,
}
_PARTICULAR: Mapping[Kind, tuple[tuple[str, Callable[[str], bool]], ...]] = {
    kind: tuple((name, fits) for name, fits in sorted(_FORMS.items()) if name in names)
    for kind, names in WRITABLE.items()
}
"""The fields of each kind that take no text but of one form, or none at all."""
