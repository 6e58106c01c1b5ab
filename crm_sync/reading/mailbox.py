"""Lists made of a mailbox, a sender and a subject a row: only receipts of applications count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from crm_sync.reading.lexicon import pattern
from crm_sync.reading.reach import within_reach

_ENOUGH = 0.2
_LEAST_ROWS = 5

_RECEIPT = pattern("receipt")
_ADVERT = pattern("advert")
_RELAYS = pattern("relays").pattern
_RELAY = re.compile(
    rf"^(the )?({_RELAYS})(\W+(job alerts|talent|notifications?|careers|jobs|team|bot|no.?reply))*"
    r"( \(.*\))?$|^(notifications?|careers?|jobs?|opportunities|recruiting|recruitment|no.?reply|hr|"
    r"talent acquisition|hiring team|talent)$",
    re.I,
)
_VIA = re.compile(rf"\s*[@|]\s*({_RELAYS})\b.*$", re.I)
_BESIDE = re.compile(rf"^({_RELAYS})\W*(no.?reply)?\W*\s+(?:@\s*)?|\s+({_RELAYS})$|\bnotifications?$", re.I)
_ADDRESS = re.compile(r"^<?([\w.+-]+)@((?:[\w-]+\.)+\w+)>?$")
_GENERIC = re.compile(
    r"no.?reply|do.?not.?reply|careers?|jobs?|notif\w*|info|hr|recruit\w*|talent|hello|team|mailer|apply",
    re.I,
)
_NAMED = pattern("employer in subject")
_ROLE = pattern("role in subject")
_VAGUE = re.compile(r"^(a|an|the|one|our|this)\b.{0,12}$", re.I)
_AT = re.compile(r"^(?P<role>.+?)\s+(?:at|bei|chez|@)\s+(?P<firm>.+)$", re.I | re.S)
_DASHED = re.compile(r"^(?P<firm>[^|\-–]{2,60}?)\s+[-–]\s+(?P<role>.{4,})$", re.S)
_REPLY = re.compile(r"^((re|fw|fwd|aw|wg|tr)\s*:\s*)+", re.I)


def is_mailbox(subjects: Sequence[str]) -> bool:
    """Say whether the titles of a list are the subjects of mails, receipts and adverts mixed."""
    if len(subjects) < _LEAST_ROWS:
        return False
    receipts = sum(bool(_RECEIPT.search(subject)) for subject in subjects)
    return receipts >= _ENOUGH * len(subjects)


def read_mail(sender: str | None, subject: str | None) -> tuple[str | None, str | None] | None:
    """Return company and job title of a receipt, None for them where unknown; None for any other mail."""
    text = " ".join(_REPLY.sub("", within_reach(subject or "")).split())
    if not _RECEIPT.search(text) or _ADVERT.search(text):
        return None
    firm, role = _in_subject(text)
    return _employer(sender) or firm or _of_address(sender), role


def _in_subject(text: str) -> tuple[str | None, str | None]:
    role = _ROLE.search(text)
    if role and not _VAGUE.match(role["role"]):
        return _clean(role["firm"]), _clean(role["role"])
    named = _NAMED.search(text)
    if not named:
        head, found, _ = text.partition(" | ")
        return (_clean(head), None) if found and not _RECEIPT.search(head) else (None, None)
    name = named["name"].strip()
    split = _AT.match(name)
    if split:
        return _clean(split["firm"]), _clean(split["role"])
    dashed = _DASHED.match(name)
    return (_clean(dashed["firm"]), _clean(dashed["role"])) if dashed else (_clean(name), None)


def _clean(text: str | None) -> str | None:
    bare = re.sub(r"\s*\((?:job|req)\b[^)]*\)|\s+-\s+\d{3,}$|,\s+\w+!?$", "", text or "", flags=re.I).strip(
        " !,;:-"
    )
    return bare or None


def _employer(sender: str | None) -> str | None:
    """Return the employer that a sender's name tells, None where it is a relay or an address."""
    name = " ".join(_decoded(within_reach(sender or "")).split()).strip("\"'").strip()
    if not name or _ADDRESS.match(name):
        return None
    name = _VIA.sub("", name).strip()
    if _RELAY.match(name):
        return None
    bare = _BESIDE.sub("", _BESIDE.sub("", name)).strip(" @|-_")
    return bare if bare and not _RELAY.match(bare) else None


def _of_address(sender: str | None) -> str | None:
    found = _ADDRESS.match(within_reach(sender or "").strip().strip('"'))
    if not found:
        return None
    labels = found[2].split(".")
    domain = labels[-2] if len(labels) > 1 else labels[0]
    if re.fullmatch(rf"my({_RELAYS})|({_RELAYS}).*", domain, re.I):
        return None if _GENERIC.search(found[1]) else found[1]
    return domain


def _decoded(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, ValueError, LookupError):
        return text
