"""Lists made of a mailbox: sender and subject of each mail; only receipts of applications are applications."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header

_ENOUGH = 0.2
_LEAST_ROWS = 5
_RECEIPT = re.compile(
    r"\bthank(s| you)\b.{0,25}\b(apply\w*|applied|application|interest in|considering|submi\w+)"
    r"|\b(your|job|my|the) (\w+ ){0,6}application\b|\bapplication (received|submitted|to|for|at|with|status|confirm\w*|"
    r"update|has been)\b|\b(applied|applying) (to|for|at|with)\b|\breceived your (application|resume|cv)\b|"
    r"\byour candida(cy|ture)\b|\bihre bewerbung\b|\bdeine bewerbung\b|\bbewerbung (als|bei|auf|um)\b|"
    r"\bvotre candidature\b|\b(tu|su) (candidatura|solicitud|postulacion|postulación)\b|\bsua candidatura\b|"
    r"\bla tua candidatura\b|\bje sollicitatie\b|\buw sollicitatie\b|\bbaşvurunuz\b|\btwoja aplikacja\b|应聘|投递",
    re.I | re.S,
)
_ADVERT = re.compile(
    r"\bwaiting for your application\b|\bforgot to apply\b|\b(job|career) alerts?\b|\bnew jobs?\b|\bjobs? (similar|posted|"
    r"match\w*|for you)\b|\b(is a|% ?) ?match\b|\bpassword\b|\bpasscode\b|\bsurvey\b|\bnewsletter\b|\bwebinar\b|"
    r"\blive class\b|\bunsubscribe\b|\bpayment\b|\byour order\b|\bcomplete your (application|profile)\b|"
    r"\b(loan|credit|card|visa|membership|rental|mortgage) application\b|\bbefore (you|it|applications) close\w*\b|"
    r"\bapply now\b|\bverify your\b|\bfinish your application\b",
    re.I,
)
_RELAYS = (
    "workday|workable|icims|greenhouse|lever|ashby|smartrecruiters|taleo|jobvite|bamboohr|breezy|successfactors|"
    "wellfound|linkedin|indeed|ripplematch|handshake|glassdoor|ziprecruiter|monster|stepstone|xing|personio|teamtailor|"
    "recruitee|jazzhr|dice|naukri|angellist|ultipro|ukg|paycom|adp|oracle"
)
_RELAY = re.compile(
    rf"^(the )?({_RELAYS})(\W+(job alerts|talent|notifications?|careers|jobs|team|bot|no.?reply))*( \(.*\))?$|^(notifications?|careers?|"
    r"jobs?|opportunities|recruiting|recruitment|no.?reply|hr|talent acquisition|hiring team|talent)$",
    re.I,
)
_VIA = re.compile(rf"\s*[@|]\s*({_RELAYS})\b.*$", re.I)
_BESIDE = re.compile(rf"^({_RELAYS})\W*(no.?reply)?\W*\s+(?:@\s*)?|\s+({_RELAYS})$|\bnotifications?$", re.I)
_ADDRESS = re.compile(r"^<?([\w.+-]+)@((?:[\w-]+\.)+\w+)>?$")
_GENERIC = re.compile(r"no.?reply|do.?not.?reply|careers?|jobs?|notif\w*|info|hr|recruit\w*|talent|hello|team|mailer|apply", re.I)
_NAMED = re.compile(
    r"\b(?:appl(?:y|ying|ied)(?: for a (?:job|position|role)| to a position)?(?: to| at| with)|application (?:to|with|at)|"
    r"interest in(?: a career (?:with|at)| joining| working (?:at|with))?|considering|bewerbung bei|candidature chez|"
    r"candidature à)\s+(?:the\s+)?(?P<name>.+?)(?:\s+(?:for your|has been|successfully|was|is)\b.*|\s*[!|].*|\.\s*$|\s*$)",
    re.I | re.S,
)
_ROLE = re.compile(
    r"\b(?:application (?:received )?for|applying for|applied for|bewerbung als|bewerbung um|candidature (?:pour|au poste de)|"
    r"job application:|interest in the)\s+(?:the\s+)?(?:position of\s+|role of\s+|job\s+)?(?P<role>.+?)"
    r"(?:\s+(?:role|position|job)\b(?!\s*(?:#|id)).*|\s+(?:has|was|is) (?:been )?\w+.*|\s+(?:at|bei|chez)\s+(?P<firm>.+)"
    r"|\s*\((?:job|req)\b.*|\s+(?:job|req)\w*\s*(?:id)?\s*#.*|\s+-\s+\d{3,}.*|[!.]?\s*$)",
    re.I | re.S,
)
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
    """Return company and job title of a receipt, each None where unknown; None for a mail that is no receipt."""
    text = " ".join(_REPLY.sub("", subject or "").split())
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
    bare = re.sub(r"\s*\((?:job|req)\b[^)]*\)|\s+-\s+\d{3,}$|,\s+\w+!?$", "", text or "", flags=re.I).strip(" !,;:-")
    return bare or None


def _employer(sender: str | None) -> str | None:
    """Return the employer that a sender's name tells, None where it is a relay or an address."""
    name = _decoded(sender or "").strip().strip("\"'").strip()
    if not name or _ADDRESS.match(name):
        return None
    name = _VIA.sub("", name).strip()
    if _RELAY.match(name):
        return None
    bare = _BESIDE.sub("", _BESIDE.sub("", name)).strip(" @|-_")
    return bare if bare and not _RELAY.match(bare) else None


def _of_address(sender: str | None) -> str | None:
    found = _ADDRESS.match((sender or "").strip().strip('"'))
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
