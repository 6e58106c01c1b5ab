"""How a noun becomes JSON text, and is read again by this version and by later ones.

Fields that hold their default are left out, fields nobody knows are ignored, missing ones take their
default: so a newer program reads older rows. ``v`` rises when a body can no longer be read that way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

import orjson

BODY_VERSION = 1
NEWEST_BODY = 2
"""Bodies of links that were begun (see ``codec.begun_text``) are of version 2, all others of version 1."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Body = dict[str, Any]
T = TypeVar("T")

quoted: Callable[[str], str] = json.encoder.encode_basestring_ascii
"""A text as JSON writes it, in ASCII."""

_encode: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_decode = json.JSONDecoder().decode


def encoded(data: Any) -> str:
    """Return plain data as JSON without blanks; halves of characters, which no text may hold, as escapes."""
    try:
        return orjson.dumps(data).decode()
    except TypeError:
        return _encode(data)


def decoded(text: str) -> Any:
    """Return the data that was ``encoded``; ValueError where it is no JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        return _decode(text)


class UnreadableBody(ValueError):
    """A body is damaged, or was written by a newer program in a way that this one does not know."""


def text_of(body: Body) -> str:
    """Return the JSON text of a body."""
    body["v"] = BODY_VERSION
    return encoded(body)


def body_from(text: str) -> Body:
    """Return the body that was written as *text*; UnreadableBody where it is none or too new."""
    try:
        body: Body = decoded(text)
        version = body.get("v", 1)
    except (ValueError, AttributeError) as error:
        raise UnreadableBody(str(error)) from error
    if version > NEWEST_BODY:
        raise UnreadableBody(f"version {version} of a row, this program knows {NEWEST_BODY}")
    return body


def instant(at: datetime) -> int:
    """Return an aware time as microseconds since 1970 in UTC, by which databases can sort."""
    return (at - EPOCH) // MICROSECOND


def time_at(microseconds: int) -> datetime:
    """Return the time, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


class Form:
    """How one field is written and read; None of a field stays None."""

    __slots__ = ("read", "write")

    def __init__(self, write: Callable[[Any], Any] | None, read: Callable[[Any], Any] | None) -> None:
        self.write = write
        self.read = read


DAY = Form(date.isoformat, date.fromisoformat)
TIME = Form(datetime.isoformat, datetime.fromisoformat)
TUPLE = Form(None, tuple)


def word(kind: type[StrEnum]) -> Form:
    """Return the form of a word out of a list."""
    return Form(None, {str(each): each for each in kind}.__getitem__)


class Shape(Form, Generic[T]):
    """How a frozen dataclass is written as a body: its plain fields as they are, *forms* for the others.

    Fields named in *without* stand in columns of their own and are handed to ``value`` again.
    """

    __slots__ = ("_make", "_names", "_readers", "body")

    body: Callable[[T], Body]
    """Returns the fields that are not their default; by identity, for that is fast and enough."""

    def __init__(self, make: type[T], *, without: Collection[str] = (), **forms: Form) -> None:
        kept = [each for each in fields(make) if each.name not in without]  # type: ignore[arg-type]
        self.body = _writer(kept, {name: form.write for name, form in forms.items()})
        super().__init__(self.body, self.value)
        self._make = make
        self._names = tuple(each.name for each in kept)
        self._readers = tuple((name, form.read) for name, form in forms.items() if form.read is not None)

    def value(self, body: Body, **others: Any) -> T:
        """Return the value of a body; UnreadableBody where it is damaged."""
        try:
            parts = {name: body[name] for name in self._names if name in body}
            for name, read in self._readers:
                part = parts.get(name)
                if part is not None:
                    parts[name] = read(part)
            return self._make(**parts, **others)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableBody(f"no {self._make.__name__}: {error}") from error


def several(shape: Shape[Any]) -> Form:
    """Return the form of a tuple of values."""
    return Form(lambda values: list(map(shape.body, values)), lambda bodies: tuple(map(shape.value, bodies)))


def _writer(kept: Iterable[Field[Any]], writers: Mapping[str, Callable[[Any], Any] | None]) -> Any:
    """Return the function that makes a body, spelled out field by field: a loop takes four times as long."""
    known: dict[str, Any] = {}
    lines = ["def body(value):", "    told = {}"]
    for each in kept:
        name, write = each.name, writers.get(each.name)
        known[f"default_{name}"], known[f"write_{name}"] = each.default, write
        written = "part" if write is None else f"write_{name}(part)"
        if write is not None and each.default is not None:
            written = f"None if part is None else {written}"
        lines.append(f"    part = value.{name}")
        is_needed = each.default is MISSING
        lines += [] if is_needed else [f"    if part is not default_{name}:"]
        lines.append(f"    {'' if is_needed else '    '}told['{name}'] = {written}")
    exec("\n".join([*lines, "    return told"]), known)  # noqa: S102 - of our own fields' names only
    return known["body"]
