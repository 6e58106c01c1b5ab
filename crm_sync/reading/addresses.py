"""Domains, e-mail addresses and phone numbers in one form each; their libraries load when first used."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from crm_sync.reading.reach import within_reach
from crm_sync.reading.wordlists import words

_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[^:]*:[^:]*:.*")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")
_NAMED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_WITHIN = r"[^\s<>\"'()\[\],;:|/]"
_SOMEWHERE = re.compile(rf"(?<!{_WITHIN}){_WITHIN}[^@\s<>\"'()\[\],;:|/]*@{_WITHIN}+\.{_WITHIN}+")
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9_%+-]{1,40}(?:\.[a-z0-9_%+-]{1,20})?"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,3}(?:com|net|org|io|de|fr|example)"
)
_PLAIN_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
_FLOAT = re.compile(r"(\+?\d{6,17})\.0*")
_POWER = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_LONGEST_HOST, _LONGEST_ADDRESS = 253, 320
_SEVERAL = re.compile(r"[;,|\n/]| or | oder ")


@lru_cache(maxsize=65536)
def domain_of(text: str) -> str | None:
    """Return the registrable domain of an address, a host or an e-mail address.

    None for mailbox providers, job boards and applicant tracking hosts (tables in the package's data), for
    numbers (10.0.0.1) and for what is no host.
    """
    host = _host_of(within_reach(text))
    if not host or len(host) > _LONGEST_HOST or _IP.fullmatch(host) or not _HOST.fullmatch(host):
        return None
    domain = _suffixes().privatesuffix(host)
    if not isinstance(domain, str) or domain in words("freemail.txt") or domain in words("job_sites.txt"):
        return None
    return domain


@lru_cache(maxsize=8192)
def email_of(text: str) -> str | None:
    """Return the first e-mail address in lower case, None where there is none that could exist."""
    text = within_reach(text)
    if _PLAIN_EMAIL.fullmatch(text):  # the common case, quickly
        return text
    found = _NAMED.search(text) or _SOMEWHERE.search(text.replace("mailto:", " "))
    if not found:
        return None
    address = found[found.lastindex or 0].removeprefix("mailto:").partition("?")[0].rstrip(".").lower()
    if len(address) > _LONGEST_ADDRESS:
        return None
    if _PLAIN_EMAIL.fullmatch(address):  # the common case needs no library
        return address
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


@lru_cache(maxsize=8192)
def phone_of(text: str, region: str | None = None) -> str | None:
    """Return the first phone number as E.164, None where there is none.

    *region* (two letters, ISO 3166) is where a number without a country code is dialled; numbers without
    one are refused where it is None. Whole numbers that a sheet turned into floats are put right.
    """
    whole = _whole(within_reach(text.strip()))
    for part in (whole, *_SEVERAL.split(whole)):
        number = _dialled(part.strip(), region)
        if number:
            return number
    return None


def _host_of(text: str) -> str:
    address = text.strip().lower()
    if "@" in address and "//" not in address:
        address = address.rpartition("@")[2].rstrip(">)")
        if _PLAIN_HOST.fullmatch(address):  # the common case, quickly
            return address.removeprefix("www.")
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _whole(text: str) -> str:
    if _POWER.fullmatch(text):
        return f"{float(text):.0f}"
    found = _FLOAT.fullmatch(text)
    return found[1] if found else text


def _dialled(text: str, region: str | None) -> str | None:
    import phonenumbers

    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region.upper() if region else None)
    except phonenumbers.NumberParseException:
        return None
    # Numbers with a country code are believed where only the range is unknown: ranges change every month.
    believed = phonenumbers.is_valid_number(number) or (
        text.lstrip("tel: (").startswith("+") and phonenumbers.is_possible_number(number)
    )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if believed else None
