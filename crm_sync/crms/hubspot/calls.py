"""A call that was made, as HubSpot keeps it: the dial's outcome, and the conversation's result in the notes.

HubSpot has no field for the result of a conversation. People write it into the notes of a call as a line
``Result: no interest`` or a word ``#no_interest``, and a promised day as ``Call back: 2027-03-04``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from crm_sync.crms.hubspot.markers import marked
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.times import day, iso, utc_text
from crm_sync.domain.items import Fields, Value
from crm_sync.domain.keys import Key
from crm_sync.domain.touches import CallResult

_RESULT = re.compile(r"^\s*result\s*[:=]\s*(?P<word>[a-z][a-z _-]*?)\s*[.!]?\s*$", re.IGNORECASE)
_HASH = re.compile(r"(?<!\w)#(?P<word>[a-z][a-z_-]+)", re.IGNORECASE)
_BACK = re.compile(r"^\s*call[ _-]?back\s*(?:on)?\s*[:=]\s*(?P<day>\d{4}-\d{2}-\d{2})\s*$", re.IGNORECASE)
_MARKER = re.compile(r"(?<!\s)\s*\[crm-sync:[^\]\s<]+\]\s*$")
_BREAK = re.compile(r"<br\s*/?>|</p>|</div>|</li>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_LONGEST_WORD = 200
"""A longer line is a note, whatever it begins with."""
_WORDS = {result.value: result for result in CallResult}


def properties(key: Key, fields: Fields, portal: Portal, before: Mapping[str, str | None]) -> dict[str, str]:
    """Return the properties of a call for tidied *fields*, over what its record held *before*."""
    written: dict[str, str] = {}
    if "at" in fields:
        written["hs_timestamp"] = utc_text(fields["at"])
    if "outcome" in fields:
        outcome = str(fields["outcome"] or "")
        written["hs_call_disposition"] = portal.disposition_of(outcome) or ""
    if not before:
        written |= {
            "hs_call_title": "Follow-up call",
            "hs_call_direction": "OUTBOUND",
            "hs_call_status": "COMPLETED",
        }
    if not before or fields.keys() & {"result", "note", "callback_on", "outcome"}:
        written["hs_call_body"] = marked(key, _notes(_merged(fields, before), portal))
    return written


def _merged(fields: Fields, before: Mapping[str, str | None]) -> dict[str, Value]:
    held = _told_in_notes(before.get("hs_call_body") or "")
    return {**held, **fields}


def _notes(fields: Fields, portal: Portal) -> str:
    outcome = fields.get("outcome")
    lines = [
        str(fields.get("note") or ""),
        f"Outcome: {outcome}" if outcome and not portal.disposition_of(str(outcome)) else "",
        f"Result: {fields['result']}" if fields.get("result") else "",
        f"Call back: {fields['callback_on']}" if fields.get("callback_on") else "",
    ]
    return escape("\n".join(line for line in lines if line)).replace("\n", "<br>")


def told_by(told: Mapping[str, str | None], portal: Portal) -> dict[str, Value]:
    """Return what a call's record tells: when, outcome, result, note, promised day, and whether inbound."""
    found = _told_in_notes(told.get("hs_call_body") or "")
    outcome = portal.outcomes.get(told.get("hs_call_disposition") or "")
    spoken = found.pop("outcome", None)
    held = outcome.value if outcome else spoken
    answer: dict[str, Value] = {"at": iso(told.get("hs_timestamp")), "outcome": held, **found}
    if told.get("hs_call_direction") == "INBOUND":
        answer["inbound"] = True
    return answer


def _told_in_notes(html: str) -> dict[str, Value]:
    text = unescape(_TAG.sub("", _BREAK.sub("\n", html)))
    text = _MARKER.sub("", text)
    found: dict[str, Value] = {"result": None, "callback_on": None, "note": None}
    kept: list[str] = []
    for line in text.splitlines():
        if len(line) > _LONGEST_WORD:
            kept.append(line)
        elif (match := _RESULT.match(line)) and (result := _result(match["word"])):
            found["result"] = result
        elif (match := _BACK.match(line)) and (promised := day(match["day"])):
            found["callback_on"] = promised
        elif line.startswith("Outcome: "):
            found["outcome"] = line.removeprefix("Outcome: ").strip()
        else:
            kept.append(line)
    note = "\n".join(kept).strip()
    if found["result"] is None:
        found["result"] = next((r for m in _HASH.finditer(note) if (r := _result(m["word"]))), None)
    return found | {"note": note or None}


def _result(word: str) -> str | None:
    result = _WORDS.get("_".join(word.casefold().replace("-", " ").replace("_", " ").split()))
    return result.value if result else None
