"""The time zone of a place, where a country has only one (design 9, zones)."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from crm_sync.reading.reach import within_reach

_OTHER_NAMES = {
    "usa": "US", "united states": "US", "united states of america": "US", "uk": "GB",
    "united kingdom": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB",
    "deutschland": "DE", "österreich": "AT", "schweiz": "CH", "suisse": "CH", "españa": "ES",
    "italia": "IT", "nederland": "NL", "holland": "NL", "belgië": "BE", "belgique": "BE",
    "polska": "PL", "türkiye": "TR", "turkey": "TR", "turkiye": "TR", "brasil": "BR",
    "czech republic": "CZ", "czechia": "CZ", "south korea": "KR", "korea": "KR", "vietnam": "VN",
    "中国": "CN", "日本": "JP", "france métropolitaine": "FR", "éire": "IE", "republic of ireland": "IE",
}  # fmt: skip


_STATES = {
    "America/New_York": "CT DE GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV DC",
    "America/Chicago": "AL AR IL IA LA MN MS MO OK WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV WA",
    "Pacific/Honolulu": "HI",
}
"""States of the United States that (but for a few villages) keep one time."""

_STATE_ZONES = {state: zone for zone, states in _STATES.items() for state in states.split()}
_ZIP = re.compile(r"(?<!\s)\s+\d{5}$")


@lru_cache(maxsize=4096)
def zone_of(location: str | None) -> str | None:
    """Return the IANA zone of a location that ends in a country, or a state, with one zone, else None.

    The country is the last part of the text ("Lyon, France"), by its English name, an own name, or its
    two-letter code in capitals after a comma; the state of the United States likewise ("Albany, NY").
    Countries with several zones give None, and so does a city alone, of which there may be two.
    """
    if not location:
        return None
    parts = [
        part.strip(" .)(") for part in re.split(r"[,;/|·•()-]", within_reach(location)) if part.strip(" .)(")
    ]
    state = _state_zone(parts)
    if state:
        return state
    for part in reversed(parts):
        code = _code(part, alone=len(parts) == 1)
        if code:
            return _zones().get(code)
    return None


def names_country(location: str) -> bool:
    """Say whether a location is, or ends in, a country, or is a city with its state or country in letters."""
    last = re.split(r"[,;/|·•()-]", within_reach(location).strip(" .)("))[-1].strip()
    if last.casefold() in _OTHER_NAMES or last.casefold() in _countries():
        return True
    return "," in location and re.fullmatch(r"[A-Z]{2}", last) is not None


def _state_zone(parts: list[str]) -> str | None:
    """Return the zone of a state of the United States that is written without doubt.

    "DE" after a city is Germany as often as Delaware: such codes count only before "USA". "CA" alone
    after a city is California.
    """
    if len(parts) > 1 and _OTHER_NAMES.get(parts[-1].casefold()) == "US":
        return _STATE_ZONES.get(_ZIP.sub("", parts[-2]))
    code = _ZIP.sub("", parts[-1]) if len(parts) > 1 else ""
    doubtful = code in _countries().values() and not (code == "CA" and len(parts) == 2)
    return None if doubtful else _STATE_ZONES.get(code)


def _code(part: str, *, alone: bool) -> str | None:
    named = _OTHER_NAMES.get(part.casefold()) or _countries().get(part.casefold())
    if named:
        return named
    return part if not alone and re.fullmatch(r"[A-Z]{2}", part) and part in _safe_codes() else None


@lru_cache(maxsize=1)
def _safe_codes() -> frozenset[str]:
    """Codes that are no state of the United States or Canada, where "CA" or "DE" would mean those."""
    states = (
        "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC "
        "ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AB BC MB NB NL NS NT NU ON PE QC SK YT"
    )
    return frozenset(_zones()) - frozenset(states.split())


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    rows = (line.split("\t") for line in _table("iso3166.tab"))
    return {name.casefold(): code for code, name in rows if name != "Georgia"}  # also a state


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Return the zone by country code where the country leads exactly one line of the zone table."""
    found: dict[str, list[str]] = {}
    for line in _table("zone1970.tab"):
        codes, _, zone = line.split("\t")[:3]
        for place, code in enumerate(codes.split(",")):
            if place == 0:
                found.setdefault(code, []).insert(0, zone)
            else:
                found.setdefault(code, [])
    return {code: zones[0] for code, zones in found.items() if len(zones) == 1} | _followers(found)


def _followers(found: dict[str, list[str]]) -> dict[str, str]:
    """Return zones of countries that lead no line but share exactly one (Sweden goes with Germany)."""
    shared: dict[str, list[str]] = {}
    for line in _table("zone1970.tab"):
        codes, _, zone = line.split("\t")[:3]
        for code in codes.split(",")[1:]:
            shared.setdefault(code, []).append(zone)
    return {code: zones[0] for code, zones in shared.items() if not found[code] and len(zones) == 1}


def _table(name: str) -> list[str]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
