"""How well the values of a column suit a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crm_sync.reading.profiles import Profile

_DATES = frozenset(
    {"applied_on", "created_on", "other_date", "status_date", "interview_date", "next_action_on"}
)
_FLAGS = frozenset(
    {"applied_flag", "archived_flag", "active_flag", "rejected_flag", "withdrawn_flag", "accepted_flag"}
)
_TEXTS = frozenset({"company", "job_title", "contact_name", "person_name", "first_name", "last_name"})


def fit_of(name: str, profile: Profile) -> float:
    """Return how well the values suit a field, from -100 (impossible) to +20."""
    if profile.empty:
        return -8
    if name in _DATES:
        return _fit_date(name, profile)
    if name in _FLAGS:
        return 10 if profile.flag >= 0.7 else (0 if profile.date >= 0.7 and name != "applied_flag" else -100)
    if name in _TEXTS:
        return _fit_text(name, profile)
    rule = _RULES.get(name)
    return rule(profile) if rule else 0


def _fit_date(name: str, profile: Profile) -> float:
    if profile.flag >= 0.6:
        return -100
    if profile.serial >= 0.5:
        return 12
    if name == "status_date" and profile.stage >= 0.5 and profile.serial < 0.2:
        return -100
    if name in ("next_action_on", "status_date", "other_date"):
        return -10 if profile.serial < 0.2 else 0
    return 0 if profile.serial >= 0.1 else -70


def _fit_text(name: str, profile: Profile) -> float:
    if max(profile.date, profile.url, profile.number, profile.flag) >= 0.6:
        return -100
    if name in ("company", "job_title") and profile.email >= 0.8:
        return -100
    if name == "job_title":
        return 12 * profile.title - (30 if profile.stage >= 0.8 and profile.title < 0.2 else 0)
    if name == "company":
        return -12 * profile.title - (30 if profile.stage >= 0.8 else 0)
    return 0


def _fit_status(profile: Profile) -> float:
    if max(profile.date, profile.number, profile.url) >= 0.7:
        return -70
    if profile.flag >= 0.9:
        return -25
    if profile.stage >= 0.5:
        return 12
    if profile.length > 80:
        return -40
    return 0 if profile.stage >= 0.15 or profile.distinct < 0.5 or profile.filled < 4 else -30


def _fit_response(profile: Profile) -> float:
    if profile.length >= 60:
        return -60
    if profile.stage >= 0.3:
        return 5
    return 0 if profile.stage > 0 and profile.stage + profile.flag >= 0.7 else -60


def _fit_url(profile: Profile) -> float:
    if profile.url + profile.domain >= 0.5:
        return 14 if profile.pathed >= 0.5 else 4
    return 0 if profile.url >= 0.1 else -70


def _fit_domain(profile: Profile) -> float:
    if profile.url + profile.domain < 0.3:
        return -70
    return -60 if profile.pathed >= 0.5 else 8


def _fit_email(profile: Profile) -> float:
    return 10 if profile.email >= 0.3 else -70


def _fit_phone(profile: Profile) -> float:
    return 10 if profile.phone >= 0.3 else -70


def _fit_location(profile: Profile) -> float:
    return -70 if max(profile.date, profile.url, profile.flag) >= 0.5 or profile.stage >= 0.8 else 0


def _fit_source(profile: Profile) -> float:
    return -60 if profile.url >= 0.5 and profile.pathed >= 0.5 else (-40 if profile.flag >= 0.7 else 0)


def _fit_id(profile: Profile) -> float:
    return -70 if profile.title >= 0.3 and profile.number < 0.3 else 0


_RULES: Mapping[str, Callable[[Profile], float]] = {
    "stage": _fit_status,
    "outcome": _fit_status,
    "response": _fit_response,
    "job_url": _fit_url,
    "company_domain": _fit_domain,
    "contact_email": _fit_email,
    "contact_phone": _fit_phone,
    "location": _fit_location,
    "source": _fit_source,
    "external_id": _fit_id,
    "contact_linkedin": lambda profile: 0 if profile.url >= 0.2 else -70,
    "row_number": lambda profile: 0 if profile.number >= 0.8 else -70,
}
