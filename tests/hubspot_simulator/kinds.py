"""The types of objects, their names and ids, and the properties that HubSpot defines on each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enumeration."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Property:
    """What can be asked of a property; *read_only* ones are calculated or kept by HubSpot."""

    name: str
    type: str = "string"
    label: str = ""
    field_type: str = "text"
    group: str = "information"
    options: tuple[Option, ...] = ()
    unique: bool = False
    read_only: bool = False
    hubspot: bool = True
    description: str = ""
    archived: bool = False
    more: dict[str, Any] = field(default_factory=dict, compare=False)

    def with_options(self, options: tuple[Option, ...]) -> Property:
        return replace(self, options=options)


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """One type of objects: plural name, singular, id, the scope that covers it, what is told unasked."""

    name: str
    singular: str
    type_id: str
    scope: str
    created: str
    shown: tuple[str, ...]
    required: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()


def _fields(kind: str, names: str) -> list[Property]:
    shapes = {"number": "number", "datetime": "date", "date": "date", "bool": "booleancheckbox"}
    return [Property(name, kind, field_type=shapes.get(kind, "text")) for name in names.split()]


def _choice(name: str, values: str) -> Property:
    options = tuple(Option(v, v.replace("_", " ").capitalize()) for v in values.split())
    return Property(name, "enumeration", field_type="select", options=options)


def _kept(kind: str, names: str) -> list[Property]:
    return [replace(made, read_only=True) for made in _fields(kind, names)]


_OWNED = [
    Property("hubspot_owner_id", "enumeration", "Owner", "select"),
    *_kept("datetime", "hs_lastmodifieddate hubspot_owner_assigneddate"),
    *_kept("string", "hs_object_id hs_merged_object_ids hs_object_source"),
]
_ACTIVITY = [*_OWNED, *_kept("datetime", "hs_createdate"), *_fields("datetime", "hs_timestamp")]
_PLACE = _fields("string", "address city state zip country phone website")
_LIFE = _choice("lifecyclestage", "subscriber lead opportunity customer evangelist other")

_DEALS = [
    *_OWNED,
    *_fields("string", "dealname description hs_next_step"),
    *_fields("number", "amount num_notes"),
    *_fields("datetime", "closedate createdate"),
    *_kept("datetime", "hs_createdate"),
    *_kept("bool", "hs_is_closed hs_is_closed_won hs_is_closed_lost"),
    _choice("dealtype", "newbusiness existingbusiness"),
    _choice("hs_priority", "low medium high"),
    Property("dealstage", "enumeration", "Deal Stage", "radio"),
    Property("pipeline", "enumeration", "Pipeline", "select"),
]
_COMPANIES = [
    *_OWNED,
    *_PLACE,
    _LIFE,
    *_fields("string", "name domain description founded_year"),
    *_fields("number", "numberofemployees annualrevenue"),
    *_kept("datetime", "createdate hs_createdate"),
    _choice("industry", "COMPUTER_SOFTWARE EDUCATION_MANAGEMENT HOSPITAL_HEALTH_CARE RETAIL"),
]
_CONTACTS = [
    *_OWNED,
    *_PLACE,
    _LIFE,
    *_fields("string", "firstname lastname mobilephone jobtitle company"),
    *_kept("datetime", "createdate lastmodifieddate"),
    *_kept("string", "hs_additional_emails hs_full_name_or_email"),
    Property("email", "string", "Email", unique=True),
    _choice("hs_lead_status", "NEW OPEN IN_PROGRESS CONNECTED"),
]
_TASKS = [
    *_ACTIVITY,
    *_fields("string", "hs_task_subject hs_task_body hs_queue_membership_ids"),
    *_fields("number", "hs_task_reminders"),
    *_kept("datetime", "hs_task_completion_date"),
    _choice("hs_task_status", "NOT_STARTED IN_PROGRESS WAITING COMPLETED DEFERRED"),
    _choice("hs_task_priority", "NONE LOW MEDIUM HIGH"),
    _choice("hs_task_type", "EMAIL CALL TODO LINKED_IN LINKED_IN_CONNECT LINKED_IN_MESSAGE"),
]
DISPOSITIONS = (
    Option("9d9162e7-6cf3-4944-bf63-4dff82258764", "Busy"),
    Option("f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"),
    Option("a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Left live message"),
    Option("b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"),
    Option("73a0d17f-1163-4015-bdd5-ec830791da20", "No answer"),
    Option("17b47fee-58de-441e-a44c-c6300d46f273", "Wrong number"),
)
_CALLS = [
    *_ACTIVITY,
    *_fields("string", "hs_call_title hs_call_body hs_call_from_number hs_call_to_number"),
    *_fields("string", "hs_call_recording_url hs_activity_type"),
    *_fields("number", "hs_call_duration"),
    _choice("hs_call_direction", "INBOUND OUTBOUND"),
    _choice(
        "hs_call_status", "BUSY CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS NO_ANSWER QUEUED RINGING"
    ),
    Property("hs_call_disposition", "enumeration", "Call outcome", "select", options=DISPOSITIONS),
]
_NOTES = [*_ACTIVITY, *_fields("string", "hs_note_body")]


def _kind(
    name: str, singular: str, type_id: str, scope: str, shown: str, properties: list[Property]
) -> ObjectKind:
    activity = scope == "contacts" and name != "contacts"
    return ObjectKind(
        name,
        singular,
        type_id,
        scope,
        "hs_createdate" if activity else "createdate",
        tuple(shown.split()),
        ("hs_timestamp",) if activity else ("dealname", "dealstage") if name == "deals" else (),
        tuple(properties),
    )


_DATED = "hs_createdate hs_lastmodifieddate hs_object_id"
KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "contacts",
            "contact",
            "0-1",
            "contacts",
            "createdate email firstname hs_object_id lastmodifieddate lastname",
            _CONTACTS,
        ),
        _kind(
            "companies",
            "company",
            "0-2",
            "companies",
            "createdate domain hs_lastmodifieddate hs_object_id name",
            _COMPANIES,
        ),
        _kind(
            "deals",
            "deal",
            "0-3",
            "deals",
            "amount closedate createdate dealname dealstage hs_lastmodifieddate hs_object_id pipeline",
            _DEALS,
        ),
        _kind("notes", "note", "0-46", "contacts", _DATED, _NOTES),
        _kind("tasks", "task", "0-27", "contacts", _DATED, _TASKS),
        _kind("calls", "call", "0-48", "contacts", _DATED, _CALLS),
    )
}
_NAMES = {word: kind for kind in KINDS.values() for word in (kind.name, kind.singular, kind.type_id)}


def kind_named(word: str) -> ObjectKind | None:
    """Return the type of objects that a path means: plural, singular, or type id; None where unknown."""
    return _NAMES.get(word.lower())
