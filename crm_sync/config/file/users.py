"""What a configuration says about a person: days, calls, sources."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator

from crm_sync.config.file.cadences import CadenceEntry
from crm_sync.config.file.entries import Entry, form_of, read_by, wrong
from crm_sync.config.file.notices import OwnNotifyEntry
from crm_sync.config.problems import nearest, shown
from crm_sync.reading.lexicon import field_names

UNLIMITED = "unlimited"
_LONGEST_LEAVE = 400
_FIELDS = "Write field: header, for example company: Firm."
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|\d{3}))?")


def read_days(value: Any) -> list[str]:
    """Return days off as ISO dates, spans such as 2027-08-02..2027-08-13 spelled out; ValueError in words."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list):
        raise ValueError("days off are a list of dates")
    return [day for text in texts for day in _span(str(text))]


def _span(text: str) -> list[str]:
    begin, _, end = text.partition("..")
    try:
        first, last = date.fromisoformat(begin.strip()), date.fromisoformat((end or begin).strip())
    except ValueError:
        raise ValueError(f"{shown(text)} is no day") from None
    if not 0 <= (last - first).days <= _LONGEST_LEAVE:
        raise ValueError(f"{shown(text)} ends before it begins, or is longer than {_LONGEST_LEAVE} days")
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def read_capacity(value: Any) -> int | str:
    """Return calls per day, a count from 1 or "unlimited"; ValueError in words."""
    if value == UNLIMITED or (type(value) is int and value >= 1):
        return value  # type: ignore[no-any-return]
    raise ValueError(f"{shown(value)} is no count of calls")


def read_zone(value: Any) -> str:
    """Return the name of a time zone; ValueError in words."""
    if not isinstance(value, str):
        raise ValueError("this is no time zone")
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{shown(value)} is no time zone") from None
    return value


@lru_cache(maxsize=1024)
def check_region(country: str, subdivision: str | None) -> None:
    """Raise ValueError, with suggestions, for a country or a part of it that the calendar does not know."""
    from crm_sync.cadence.calendar import calendar_for

    calendar_for(country, subdivision, [], frozenset())


_DAYS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_CALLS = {"anyOf": [{"type": "integer", "minimum": 1}, {"const": UNLIMITED}]}
DaysOff = Annotated[list[str], *read_by(read_days, _DAYS)]
CallsPerDay = Annotated[int | str, *read_by(read_capacity, _CALLS)]
ZoneName = Annotated[str, *read_by(read_zone, {"type": "string"})]


class SourceEntry(Entry):
    """One place that applications come from."""

    path: str | None = Field(
        None,
        min_length=1,
        description="A file, a pattern such as `~/Downloads/teal-*.csv`, or a folder; relative to this file.",
        examples=["my-applications.xlsx"],
    )
    url: str | None = Field(
        None,
        pattern=r"^https?://[^/@\s]+(/.*)?$",
        description="A link to a sheet or file, instead of `path`.",
        examples=["https://docs.google.example/spreadsheets/d/abc"],
    )
    connector: str | None = Field(
        None,
        min_length=1,
        description="The connector; else the content decides.",
        examples=["spreadsheet"],
    )
    employer: str | None = Field(
        None,
        min_length=1,
        description="For recruiters' exports: whose candidates these are.",
        examples=["Acme Staffing"],
    )
    sheet: str | None = Field(
        None, min_length=1, description="Read this sheet only.", examples=["Applications"]
    )
    day_first: bool | None = Field(
        None,
        description="Whether 3/4/2027 is the third of April; else the column decides.",
        examples=[True],
    )
    columns: dict[str, str] | None = Field(
        None,
        description="Which column holds which field, by its header.",
        examples=[{"company": "Firm"}],
    )

    @field_validator("columns")
    @classmethod
    def _fields(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        for name in value or {}:
            if name.strip().casefold() not in field_names():
                close = nearest(name, field_names())
                raise wrong(
                    f"there is no field {shown(name)}", f"Did you mean {close}?" if close else _FIELDS
                )
        return value

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise wrong("a source has either a path or a url", "Write path: my-applications.xlsx.")
        return self


OneSource = Annotated[
    Annotated[str, Field(min_length=1), Tag("short")] | Annotated[SourceEntry, Tag("long")],
    Discriminator(form_of),
]
OneCadence = Annotated[
    Annotated[str, Tag("short")] | Annotated[CadenceEntry, Tag("long")], Discriminator(form_of)
]


class DefaultsEntry(Entry):
    """What holds for every user who says nothing else."""

    owner: str | None = Field(
        None,
        description="E-mail address under which the CRM knows the person; else deals stay unassigned.",
        examples=["jane@roe.example"],
    )
    time_zone: ZoneName | None = Field(
        None, description="Where the person lives; else the system's zone.", examples=["Europe/Berlin"]
    )
    country: str | None = Field(
        None,
        description="Whose public holidays are kept free; else the locale's country.",
        examples=["DE"],
    )
    subdivision: str | None = Field(
        None, description="The state or province, for its own holidays.", examples=["BY"]
    )
    locale: str | None = Field(
        None,
        description="How dates that could be read in two ways are read; else the system's.",
        examples=["de-DE"],
    )
    days_off: DaysOff | None = Field(
        None,
        description="Days without calls: dates, and spans written `2027-08-02..2027-08-13`.",
        examples=[["2027-02-08", "2027-08-02..2027-08-13"]],
    )
    calls_per_day: CallsPerDay | None = Field(
        None, description="How many calls a day, or `unlimited`; else 10.", examples=[8]
    )
    cadence: OneCadence | None = Field(
        None,
        description="A cadence by name, or one with changes; else `steady`.",
        examples=["gentle", {"like": "gentle", "max_calls": 3}],
    )
    crm: str | None = Field(
        None,
        description="An entry of `crms`; else the only entry there is, else `local`.",
        examples=["agency"],
    )
    sources: list[OneSource] | None = Field(
        None,
        description="Where the applications come from; where two tell of one application, "
        "the first owns each field it fills.",
        examples=[["my-applications.xlsx"]],
    )

    @field_validator("owner")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not _ADDRESS.fullmatch(value):
            raise wrong(f"{shown(value)} is no e-mail address")
        return value

    @field_validator("locale")
    @classmethod
    def _tag(cls, value: str | None) -> str | None:
        if value is not None and not _LOCALE.fullmatch(value):
            raise wrong(f"{shown(value)} is no locale")
        return value.replace("_", "-") if value else None

    @field_validator("country")
    @classmethod
    def _country(cls, value: str | None) -> str | None:
        _check(value, None)
        return value

    @field_validator("subdivision")
    @classmethod
    def _part(cls, value: str | None, info: ValidationInfo) -> str | None:
        country = info.data.get("country") or known(info, "country")
        if value is not None and "country" in info.data:
            if not country:
                raise wrong("a part of a country needs the country", "Write country: beside it.")
            _check(country, value)
        return value

    @field_validator("cadence")
    @classmethod
    def _cadence(cls, value: str | CadenceEntry | None, info: ValidationInfo) -> str | CadenceEntry | None:
        cadences = known(info, "cadences") or {}
        if isinstance(value, CadenceEntry):
            value.policy(cadences)
        elif value is not None and value not in cadences:
            raise wrong(f"there is no cadence {shown(value)}", f"There are: {', '.join(cadences)}.")
        return value

    @field_validator("crm")
    @classmethod
    def _crm(cls, value: str | None, info: ValidationInfo) -> str | None:
        names = known(info, "crms") or ()
        if value is not None and value not in names:
            raise wrong(f"there is no CRM {shown(value)}", f"There are: {', '.join(names)}.")
        return value


class UserEntry(DefaultsEntry):
    """One person whose applications are kept; every key of `defaults`, for this person."""

    notify: OwnNotifyEntry | None = Field(
        None, description="Where this person is told; never in `defaults`.", examples=[{"digest": "07:30"}]
    )


def _check(country: str | None, subdivision: str | None) -> None:
    if country:
        try:
            check_region(country, subdivision)
        except ValueError as error:
            raise wrong(str(error)) from None


def known(info: ValidationInfo, name: str) -> Any:
    """Return what the rest of the file says under that name, None where there is no rest."""
    return (info.context or {}).get(name)
