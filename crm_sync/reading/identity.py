"""What makes an application, a company and a person the same one again: match keys, never shown."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from crm_sync.domain.applications import Application
from crm_sync.reading.addresses import domain_of, email_of, phone_of
from crm_sync.reading.postings import canonical_url, is_posting_url, site_of
from crm_sync.reading.reach import within_reach

__all__ = [
    "canonical_url",
    "company_key",
    "domain_of",
    "email_of",
    "evidence_of",
    "id_evidence",
    "id_of",
    "is_posting_url",
    "pair_evidence",
    "phone_of",
    "place_key",
    "requisition_of",
    "site_of",
    "title_key",
    "url_evidence",
    "who_key",
]

_TURKISH = str.maketrans(
    {
        "İ": "i",
        "I": "i",
        "ı": "i",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "æ": "ae",
        "œ": "oe",
    }
)
_QUOTES = str.maketrans("", "", "'’`´.")
_APART = re.compile(r"[^\w+#&]+|_+")
_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]?")
_BARE_WORDS = re.compile(r"[a-z0-9+#&]+(?: [a-z0-9+#&]+)*")
_BEFORE = frozenset({"formerly", "previously", "ehemals", "vormals", "fka"})
_REMARK = re.compile(rf"[(\[{{•·∙|,]|\b(?:{'|'.join(sorted(_BEFORE))})\b", re.I)
_CITY = re.compile(
    r"\s[•·∙|]\s.*|(?:,|(?<!\s))\s+\b(?:formerly|previously|f/k/a|fka|ehemals|vormals|anciennement)\b.*",
    re.I | re.S,
)
_EASTERN = re.compile(
    r"^(?:株式会社|有限会社|合同会社|주식회사|\(주\)|㈜)|(?:股份有限公司|有限责任公司|有限公司|株式会社|有限会社|주식회사)$"
)
_GENDERS = (
    r"(?:all\s+genders?|alle\s+geschlechter|gn|[mfwdxihn](?:\s*[/|,.*]\s*(?:[mfwdxihn]|gn|divers?|all)){1,3})"
)
_GENDER = re.compile(rf"[(\[]\s*{_GENDERS}\s*[)\]]|(?<![\w/])[mfwdx](?:/[mfwdx]){{2}}(?![\w/])", re.I)
_GENDER_ENDING = re.compile(r"(?<=\w\w)(?:[*:]in(?:nen)?|/in|/-in|\(in\))(?![\w-])", re.I)
_REQUISITION = re.compile(
    r"[(\[]\s*+(?:(?:job|req(?:uisition)?|ref(?:erence|erenz)?|kennziffer)\b[\s.]*+)?"
    r"(?:(?:id|no|nr)\b[\s.]*+)?[:#]?\s*+"
    r"((?:[a-z]{1,6}[-_ ]?)?\d[\d-]{3,}[a-z]?)\s*[)\]]",
    re.I,
)
_LONGEST_FORM = 8
_WHOLE = re.compile(r"(\d+)\.0+")


@lru_cache(maxsize=65536)
def company_key(name: str) -> str:
    """Return the match key of a company's name: "The Acme Widgets Co., Ltd." and "ACME Widgets" have one.

    Case, accents, punctuation, blanks, the article, legal forms, remarks in brackets, "formerly X" and
    " • City" are kept out. A name is never emptied: "AB" stays ``ab``. Empty only where nothing is said.
    """
    tokens = _tokens(within_reach(name))
    if len(tokens) > 1 and tokens[0] == "the":
        tokens = tokens[1:]
    while len(tokens) > 1 and (size := _legal_form(tokens)):
        tokens = tokens[:-size]
    if len(tokens) > 1 and tokens[-1] == "and":
        tokens = tokens[:-1]
    return "".join(tokens)


@lru_cache(maxsize=65536)
def title_key(title: str) -> str:
    """Return the match key of a job title, without gender markers and without the requisition id."""
    title = within_reach(title)
    bare = _GENDER.sub(" ", title) if "/" in title or "(" in title or "[" in title else title
    bare = _kept(_REQUISITION.sub(" ", _GENDER_ENDING.sub("", bare)), title)
    return _plain(bare)


@lru_cache(maxsize=8192)
def requisition_of(title: str) -> str:
    """Return the requisition id that stands in brackets in a title, "" where there is none."""
    found = _REQUISITION.search(within_reach(title)) if "(" in title or "[" in title else None
    return _APART.sub("", found[1]).casefold() if found else ""


@lru_cache(maxsize=8192)
def place_key(location: str) -> str:
    """Return the match key of a place: its first part, so that "Berlin" and "Berlin, Germany" have one."""
    location = within_reach(location)
    return _plain(re.split(r"[,;(|/•·]", location, maxsplit=1)[0]) or _plain(location)


@lru_cache(maxsize=8192)
def who_key(email: str | None, name: str | None) -> str:
    """Return the match key of the person in a row, by address, else by name."""
    for_certain = email_of(email) or _plain(within_reach(email)) if email else ""
    return for_certain or (_plain(within_reach(name)) if name else "")


def id_of(application: Application) -> str:
    """Return the external id without a sheet's artefacts ("17.0" is 17), "" where there is none."""
    ident = (application.external_id or "").strip()
    found = _WHOLE.fullmatch(ident)
    return found[1] if found else ident


def id_evidence(connector: str, ident: str, company: str) -> str:
    """Return the evidence of an external id; the company keeps apart the ids of different files."""
    return f"id:{connector}:{ident}:{company}"


def url_evidence(url: str) -> str:
    """Return the evidence of a canonical posting address."""
    return f"url:{url}"


def pair_evidence(company: str, title: str, requisition: str, place: str, day: str, who: str) -> str:
    """Return the evidence of company and title with all that tells two such applications apart.

    The person counts only where company or title is missing: a recruiter is often added later.
    """
    person = "" if company and title else who
    return f"pair:{company}|{title}|{requisition}|{place}|{day}|{person}"


def evidence_of(application: Application) -> tuple[str, ...]:
    """Return what the application is recognised by, strongest first: id, posting address, company and title.

    Looks at one application alone: whether an id is a mere row number, or shared by several rows, is for
    ``planning.matching`` to see. Empty where the row names neither id, posting, company, title nor person.
    """
    company = company_key(application.company) if application.company else ""
    title = title_key(application.job_title) if application.job_title else ""
    who = who_key(application.contact_email, application.contact_name)
    found = []
    if ident := id_of(application):
        found.append(id_evidence(application.connector, ident, company))
    url = canonical_url(application.job_url) if application.job_url else None
    if url and is_posting_url(url):
        found.append(url_evidence(url))
    if company or title or who:
        found.append(
            pair_evidence(
                company,
                title,
                requisition_of(application.job_title) if application.job_title else "",
                place_key(application.location) if application.location else "",
                application.applied_on.isoformat() if application.applied_on else "",
                who,
            )
        )
    return tuple(found)


def _tokens(name: str) -> list[str]:
    words = name.lower()
    if name.isascii() and _BARE_WORDS.fullmatch(words):  # the common case, quickly
        tokens = words.replace("&", " and ").split()
        if _BEFORE.isdisjoint(tokens):
            return tokens
    return _plain(_without_remarks(name).replace("/", "")).replace("&", " and ").split()


def _without_remarks(name: str) -> str:
    if _REMARK.search(name):
        name = _kept(_BRACKETS.sub(" ", name), name)
        name = _kept(_CITY.sub("", name), name)
    return name if name.isascii() else _EASTERN.sub("", name.strip()) or name


def _kept(shorter: str, text: str) -> str:
    """Return the shorter text unless nothing is left of it."""
    return shorter if _plain(shorter) else text


def _plain(text: str) -> str:
    """Return lower case without accents, quotes and dots, one blank between words; + # & count as letters."""
    if text.isascii():
        bare = text.lower()
        if _BARE_WORDS.fullmatch(bare):  # the common case, quickly
            return bare
    else:
        folded = unicodedata.normalize(
            "NFKD", unicodedata.normalize("NFKC", text).translate(_TURKISH)
        ).casefold()
        bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
        bare = unicodedata.normalize("NFC", bare)
    return _APART.sub(" ", bare.translate(_QUOTES)).strip()


@cache
def _legal_forms() -> dict[str, frozenset[tuple[str, ...]]]:
    """Return the legal forms that cleanco knows, by their last word."""
    from cleanco.clean import prepare_default_terms

    forms: dict[str, set[tuple[str, ...]]] = {}
    for _, parts in prepare_default_terms():
        words = tuple(_plain(" ".join(parts).replace("/", "")).replace("&", " and ").split())
        if words:
            forms.setdefault(words[-1], set()).add(words)
    return {last: frozenset(known) for last, known in forms.items()}


def _legal_form(tokens: list[str]) -> int:
    """Return how many words at the end are a legal form and not the whole name."""
    forms = _legal_forms().get(tokens[-1])
    if forms:
        for size in range(min(_LONGEST_FORM, len(tokens) - 1), 0, -1):
            if tuple(tokens[-size:]) in forms:
                return size
    return 0
