"""The history of one application, in words: a line for each thing that happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_sync.app.asks import sentence
from crm_sync.app.book import Happening
from crm_sync.cadence.outcomes import OUTCOME_WORDS, RESULT_WORDS
from crm_sync.cadence.wording import say_day
from crm_sync.cli.render.wording import day, moment, named_dossier
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.touches import CallOutcome, CallResult

_THINGS = {"task": "planned call", "call": "call", "deal": "deal"}
_KINDS = {"inbound": "they called", "email": "e-mail"}
_ACTIONS = {"hold": "waits", "ask": "asks for a person", "stop": "no more calls"}
_SCHEDULED = {"cadence": "by the cadence"}
_LONGEST = 80


def history_text(dossier: Dossier, told: Sequence[Happening], zone: str) -> str:
    """Return the history, oldest first, with the run that wrote each part of it."""
    lines = [f"{dossier.key}  {named_dossier(dossier)}"]
    last = ""
    for each in told:
        written = each.run or _clock(each.at, zone)
        if written != last:
            lines += ["", f"{_clock(each.at, zone)}  {_run(each)}"]
        whose = each.id.partition(":")[0]
        mark = f"{whose}: " if whose != dossier.key else ""
        lines += [f"  {mark}{text}" for text in _texts(each, zone)]
        last = written
    return "\n".join(lines)


def _run(each: Happening) -> str:
    return f"{each.command or 'run'} {each.run}" if each.run else "before the journal was kept"


def _clock(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{say_day(local.date())}, {local:%H:%M:%S}"


def _texts(each: Happening, zone: str) -> Iterator[str]:
    tell = _TELLERS.get(each.what)
    if tell is None:
        yield f"{_thing(each)}: {each.what}" + (f" {each.told}" if each.told is not None else "")
        return
    yield from tell(each, zone)


def _seen(each: Happening, zone: str) -> Iterator[str]:
    match each.told:
        case [sheet, row]:
            yield f"first seen in {each.about}, {sheet}, row {row}"
        case None:
            yield f"first seen{f' in {each.about}' if each.about else ''}"
        case row:
            yield f"first seen in {each.about}, row {row}"


def _changes(each: Happening, zone: str) -> Iterator[str]:
    whose = {"source": f"{each.about}: ", "update": f"{_thing(each)} updated: "}.get(each.what, "")
    for name, change in each.told.items():
        label = name.replace("_", " ")
        if change:
            yield f"{whose}{label} {_quoted(change[0], zone)} -> {_quoted(change[1], zone)}"
        else:
            yield f"{whose}{label} written anew"


def _stage(each: Happening, zone: str) -> Iterator[str]:
    was, now = each.told
    yield f"stage {was.replace('_', ' ')} -> {now.replace('_', ' ')}"


def _decided(each: Happening, zone: str) -> Iterator[str]:
    action, _, reason = each.about.partition(" ")
    if action == "schedule":
        yield f"decided: call on {day(each.told)} ({_SCHEDULED.get(reason, reason.replace('_', ' '))})"
        return
    meaning, _ = sentence(reason, key=each.id, word=None)
    yield f"decided: {_ACTIONS.get(action, action)}: {meaning}"


def _merged(each: Happening, zone: str) -> Iterator[str]:
    how, other = each.told
    yield {"into": f"merged into {other}", "with": f"{other} was merged into it"}.get(
        how, f"split from {other}"
    )


def _heard(each: Happening, zone: str) -> Iterator[str]:
    yield f"in the CRM: {each.told}"


def _touched(each: Happening, zone: str) -> Iterator[str]:
    for _, at, kind, outcome, result in each.told:
        what = _KINDS.get(kind) or OUTCOME_WORDS[CallOutcome(outcome)]
        said = f", {RESULT_WORDS[CallResult(result)]}" if result else ""
        yield f"call: {what}{said}, {moment(at, zone)}"


def _created(each: Happening, zone: str) -> Iterator[str]:
    if each.kind == "task" and isinstance(each.told, str):
        yield f"planned call sent to the CRM, due {moment(each.told, zone)} ({each.id})"
    else:
        yield f"{_thing(each)} sent to the CRM"


def _undone(each: Happening, zone: str) -> Iterator[str]:
    yield f"{_thing(each)} taken back with run {each.about}"


def _refused(each: Happening, zone: str) -> Iterator[str]:
    yield f"{_thing(each)} refused by the CRM: {each.told}"


def _plainly(text: str) -> Callable[[Happening, str], Iterator[str]]:
    def tell(each: Happening, zone: str) -> Iterator[str]:
        yield f"{_thing(each)} {text}"

    return tell


_TELLERS: dict[str, Callable[[Happening, str], Iterator[str]]] = {
    "seen": _seen,
    "source": _changes,
    "course": _changes,
    "update": _changes,
    "stage": _stage,
    "decided": _decided,
    "heard": _heard,
    "touched": _touched,
    "create": _created,
    "refused": _refused,
    "cancel": _plainly("cancelled"),
    "undone": _undone,
    "adopt": _plainly("found in the CRM and taken up"),
    "merged": _merged,
    "leave": _plainly("left in the CRM as it is, for somebody worked on it"),
    "retire": _plainly("was removed from the CRM; it stays away"),
}


def _thing(each: Happening) -> str:
    return _THINGS.get(each.kind, each.kind)


def _quoted(value: Any, zone: str) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, str) and "T" in value and value.endswith("+00:00"):
        return moment(value, zone)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f'"{text[:_LONGEST]}{"…" if len(text) > _LONGEST else ""}"' if isinstance(value, str) else text
