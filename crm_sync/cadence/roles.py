"""Who the contact is for the job: the one who decides, HR, or somebody who puts calls through."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What a contact has to do with the job (prescription 4)."""

    HIRING_AUTHORITY = "hiring authority"
    HR = "HR"
    GATEKEEPER = "gatekeeper"
    UNKNOWN = "unknown"


_HR = re.compile(
    r"\b(hr|hrbp|human resources?|recruit\w*|talent|people (ops|operations|partner|team|and culture)"
    r"|head of people|chief people officer|staffing|sourcer|personal(abteilung|referent\w*|leiter\w*)"
    r"|recrutement|ressources humaines|rrhh|recursos humanos|insan kaynakları|ik)\b|人事|招聘",
    re.IGNORECASE,
)
_GATEKEEPER = re.compile(
    r"\b(receptionist|reception|front desk|secretary|switchboard|office manager"
    r"|(executive|personal|administrative|office|team) assistant|assistant to|pa to|sekretär\w*)\b",
    re.IGNORECASE,
)
_SECOND = re.compile(r"\b(assistant|associate|deputy|junior|former|ex)\b", re.IGNORECASE)
_AUTHORITY = re.compile(
    r"\b(hiring manager|founder|co-?founder|owner|managing director|general manager|director|head of"
    r"|vice president|s?vp|evp|president|chief \w+( \w+)? officer|c[efot]o|coo|cio|cmo"
    r"|(engineering|department|plant|store|branch|restaurant|clinic|nursing) manager"
    r"|geschäftsführer\w*|abteilungsleiter\w*|leiter\w*|directeur|directrice|directora?|gerente)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def guess_role(title: str | None) -> Role:
    """Return what a job title says about the contact, *unknown* wherever it does not say so plainly.

    HR first ("Director of Talent Acquisition" does not decide about the job), then those who put calls
    through, then those who lead a team; a title that is second to another ("Assistant Director") says
    nothing.
    """
    if not title:
        return Role.UNKNOWN
    if _HR.search(title):
        return Role.HR
    if _GATEKEEPER.search(title):
        return Role.GATEKEEPER
    if _AUTHORITY.search(title) and not _SECOND.search(title):
        return Role.HIRING_AUTHORITY
    return Role.UNKNOWN
