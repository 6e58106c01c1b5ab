"""What people look at: calls, status, deals, explanations, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from crm_sync.app.asks import sentence, urgency
from crm_sync.app.briefs import CompanyFacts, brief_text, company_facts
from crm_sync.app.report import conflict_data
from crm_sync.app.shelf import Shelf, open_shelf
from crm_sync.app.today import made_today, zone_for
from crm_sync.app.twins import told_by, twin_asks
from crm_sync.cadence.brief import is_prepared
from crm_sync.cadence.expectations import share_text
from crm_sync.cadence.outcomes import RESOLVING
from crm_sync.domain.applications import CANDIDATE
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import Remote
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import TERMINAL, Stage
from crm_sync.domain.touches import CallOutcome, Touch, TouchKind
from crm_sync.ports import Browsable

# --- calls --------------------------------------------------------------------------------------------


def calls(shelf: Shelf, on: date, days: int = 1) -> list[dict[str, Any]]:
    """Return the planned calls up to the last of *days* from *on*, overdue ones included.

    Day by day, the overdue ones on the first; in each day promised call-backs first, then overdue ones, last
    calls, new ones (cadence 5). Each is a flat record:
    key, user, company, job_title, contact_name, contact_title, number, due_on (ISO day of the callee),
    due_at (ISO, UTC), time_zone, local_time (the callee's, now), attempt, max_calls, final, flags, overdue
    (days), waiting (beyond the day's capacity), prepared, brief (text).
    """
    last = on + timedelta(days=days - 1)
    shared = company_facts(shelf.dossiers.values())
    rows = [_call(shelf, d, on, shared) for d in shelf.dossiers.values() if _is_due(d, last)]
    rows.sort(key=lambda row: _call_order(row, on))
    made = made_today(shelf.settings_for, shelf.dossiers, shelf.touches)
    room = Counter({(user, day.isoformat()): number for (user, day), number in made.items()})
    for row in rows:
        day = (row["user"], max(row["due_on"], on.isoformat()))
        room[day] += 1
        limit = shelf.settings_for(row["user"]).calls_per_day
        promised = "promised_callback" in row["flags"]
        row["waiting"] = limit is not None and room[day] > limit and not promised
    return rows


def _is_due(dossier: Dossier, last: date) -> bool:
    task = dossier.course.open_task
    return task is not None and task.day <= last


def _call_order(row: Mapping[str, Any], on: date) -> tuple[Any, ...]:
    promised, overdue = "promised_callback" in row["flags"], row["overdue"] > 0
    rank = 0 if promised else 1 if overdue else 2 if row["final"] else 3
    return max(row["due_on"], on.isoformat()), rank, row["due_on"], row["due_at"], row["key"]


def _call(shelf: Shelf, dossier: Dossier, on: date, shared: CompanyFacts) -> dict[str, Any]:
    task, application = dossier.course.task, dossier.application
    assert task is not None
    day, settings = task.day, shelf.settings_for(dossier.user)
    local = settings.now.astimezone(zone_for(settings, dossier))
    moved = ("user_rescheduled",) if task.crm_due not in {None, task.pushed_due} else ()
    late = (f"overdue_{(on - day).days}",) if day < on else ()
    unnamed = ("company_unknown",) if dossier.company_key is None else ()
    touches = shelf.touches.get(dossier.key, ())
    return {
        "key": dossier.key,
        "user": dossier.user,
        "company": application.company,
        "job_title": application.job_title,
        "contact_name": application.contact_name,
        "contact_title": application.contact_title,
        "number": dossier.course.phone or application.contact_phone,
        "due_on": day.isoformat(),
        "due_at": task.due_at.isoformat(),
        "time_zone": str(local.tzinfo),
        "local_time": local.strftime("%a %H:%M"),
        "attempt": task.attempt,
        "max_calls": settings.policy.max_calls,
        "final": task.final,
        "flags": sorted({*task.flags, *moved, *late, *unnamed, *application.flags} - {CANDIDATE}),
        "overdue": max(0, (on - day).days),
        "waiting": False,
        "prepared": is_prepared(dossier.course.preparation),
        "brief": brief_text(settings, dossier, touches, task, shared, local),
    }


# --- status -------------------------------------------------------------------------------------------


def status(shelf: Shelf) -> dict[str, Any]:
    """Return how things stand: stages, calls, figures, what has no next step, what asks for a person."""
    today = shelf.settings.today
    dossiers = shelf.dossiers.values()
    touches = [t for group in shelf.touches.values() for t in group]
    calls_ = [t for t in touches if t.kind is TouchKind.CALL]
    open_days = [_due_day(d) for d in dossiers if _due_day(d) is not None]
    return {
        "user": shelf.user,
        "account": shelf.account,
        "today": today.isoformat(),
        "applications": len(shelf.dossiers),
        "from_several_sources": sum(len(told_by(shelf, d)) > 1 for d in dossiers),
        "stages": {s.value: n for s in Stage if (n := sum(d.course.stage is s for d in dossiers))},
        "calls_made": sum(t.outcome is not CallOutcome.UNKNOWN for t in calls_),
        "calls_unknown": sum(t.outcome is CallOutcome.UNKNOWN for t in calls_),
        "calls_planned": len(open_days),
        "calls_today": sum(day == today for day in open_days),
        "calls_overdue": sum(day < today for day in open_days if day),
        "figures": figures(shelf, touches),
        "no_next_step": [_line(d) for d in dossiers if lacks_next_step(d)],
        "asks": sorted(_asks_of(shelf), key=lambda row: (urgency(row["reason"]), row["key"])),
        "rejected_rows": [
            {"source": s.source, "user": s.user, "row": r.row, "sheet": r.sheet, "reason": r.reason}
            for s in shelf.ledger.sources(shelf.account, shelf.user)
            for r in s.rejected
        ],
        "conflicts": [
            conflict_data(s.conflict) | {"since": s.since.isoformat()}
            for s in shelf.ledger.conflicts(shelf.account, shelf.user)
        ],
        "sources": [
            {
                "source": s.source,
                "applications": s.applications,
                "rejected": len(s.rejected),
                "seen_at": s.seen_at.isoformat(),
            }
            for s in shelf.ledger.sources(shelf.account, shelf.user)
        ],
    }


def figures(shelf: Shelf, touches: Iterable[Touch]) -> dict[str, Any]:
    """Return the factual figures: over all calls, with denominators and ranges (cadence 2, 8 and 15).

    A conversation is a call that connected, or an inbound call whose result was told.
    """
    told = list(touches)
    logged = [t for t in told if t.kind is TouchKind.CALL and t.outcome is not CallOutcome.UNKNOWN]
    connected = sum(t.outcome is CallOutcome.CONNECTED for t in logged)
    resolved = sum(t.result in RESOLVING for t in logged)
    inbound = {t.application for t in told if t.kind is TouchKind.INBOUND and t.result is not None}
    spoken = inbound | {t.application for t in logged if t.outcome is CallOutcome.CONNECTED}
    reached = {key for key, d in shelf.dossiers.items() if _reached_interview(d)}
    return {
        "connected": share_text(connected, len(logged)),
        "resolved": share_text(resolved, len(logged)),
        "interviews": share_text(len(reached), len(shelf.dossiers)),
        "interviews_after_a_conversation": share_text(len(reached & spoken), len(spoken)),
        "interviews_without_one": share_text(len(reached - spoken), len(shelf.dossiers) - len(spoken)),
        "by_source": _by_source(shelf, reached),
    }


_INTERVIEW = {Stage.INTERVIEWING, Stage.OFFER, Stage.ACCEPTED}


def _reached_interview(dossier: Dossier) -> bool:
    return dossier.course.stage in _INTERVIEW or dossier.course.previous_stage in _INTERVIEW


def _by_source(shelf: Shelf, reached: set[str]) -> dict[str, str]:
    totals: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for key, dossier in shelf.dossiers.items():
        name = dossier.application.source or "(not told)"
        totals[name] += 1
        hits[name] += key in reached
    return {name: share_text(hits[name], total) for name, total in totals.most_common()}


def _due_day(dossier: Dossier) -> date | None:
    task = dossier.course.open_task
    return task.day if task else None


def asks_for_a_person(dossier: Dossier) -> bool:
    """Tell whether a person has to decide something about the application."""
    return dossier.course.decision is not None and dossier.course.decision.action is Action.ASK


def lacks_next_step(dossier: Dossier) -> bool:
    """Tell whether it is active without a call, a wait that ends by itself, or a question (cadence 2.32)."""
    if dossier.course.stage in TERMINAL or _due_day(dossier) is not None or asks_for_a_person(dossier):
        return False
    decision = dossier.course.decision
    return decision is None or decision.action is not Action.HOLD


def _line(dossier: Dossier) -> dict[str, Any]:
    application, decision = dossier.application, dossier.course.decision
    reason = decision.reason if decision else ""
    meaning, command = sentence(reason, key=dossier.key, word=application.stage_word)
    return {
        "key": dossier.key,
        "user": dossier.user,
        "company": application.company,
        "job_title": application.job_title,
        "stage": dossier.course.stage.value,
        "reason": reason,
        "meaning": meaning,
        "command": command,
    }


def _asks_of(shelf: Shelf) -> list[dict[str, Any]]:
    asking = (_line(d) for d in shelf.dossiers.values() if asks_for_a_person(d))
    return [*asking, *twin_asks(shelf), *_refusals(shelf)]


def _refusals(shelf: Shelf) -> list[dict[str, Any]]:
    """Return the records that the CRM refused, with its reason: kept, and tried again when they change."""
    refused = [link for link in shelf.ledger.links(shelf.account).values() if link.refusal]
    return [
        {
            "key": link.key.id,
            "user": link.key.owner,
            "company": None,
            "job_title": None,
            "stage": None,
            "reason": "refused_by_crm",
            "meaning": f"the CRM refused this {link.key.kind}: {link.refusal}",
            "command": "correct the row, or crm-sync import FILE --retry-failed",
        }
        for link in refused
        if shelf.user in {None, link.key.owner} or not link.key.owner
    ]


# --- deals --------------------------------------------------------------------------------------------


def deals(shelf: Shelf, crm: Browsable) -> list[dict[str, Any]]:
    """Return the deals as the CRM holds them, with company, contact and next open call."""
    names = {
        remote.id: remote.fields.get("name") or remote.fields.get("email")
        for kind in (Kind.COMPANY, Kind.CONTACT)
        for remote in crm.records(kind)
    }
    companies = {remote.id for remote in crm.records(Kind.COMPANY)}
    next_call: dict[str, str] = {}
    for task in crm.records(Kind.TASK):
        due = task.fields.get("due_at")
        if task.fields.get("open") is True and isinstance(due, str):
            for related in task.relations:
                next_call[related] = min(due, next_call.get(related, due))
    return [_deal(shelf, deal, names, companies, next_call) for deal in crm.records(Kind.DEAL, shelf.user)]


def _deal(
    shelf: Shelf,
    deal: Remote,
    names: Mapping[Any, Any],
    companies: set[Any],
    next_call: Mapping[str, str],
) -> dict[str, Any]:
    related = sorted(deal.relations)
    dossier = shelf.dossiers.get(deal.key.id) if deal.key else None
    told = dossier.application.contact_name if dossier else None  # a name alone makes no contact in a CRM
    return {
        "key": deal.key.id if deal.key else None,
        "user": deal.key.owner if deal.key else deal.fields.get("owner"),
        "name": deal.fields.get("name"),
        "stage": deal.fields.get("stage"),
        "company": next((names[r] for r in related if r in companies), None),
        "contact": next((names[r] for r in related if r in names and r not in companies), told),
        "job_title": deal.fields.get("job_title"),
        "job_url": deal.fields.get("job_url"),
        "applied_on": deal.fields.get("applied_on"),
        "next_call_at": next_call.get(deal.id),
    }


__all__ = ["Shelf", "calls", "deals", "figures", "open_shelf", "status"]
