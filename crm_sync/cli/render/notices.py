"""What people are told elsewhere: the operator in counts and keys, each person in their own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from crm_sync.app.asks import sentence
from crm_sync.app.matters import ASK, CONFLICT, FAILURE, OUTAGE, REFUSED, REJECTED, News
from crm_sync.app.notifying import Digest
from crm_sync.cli.render.wording import day, listing, moment, named, named_dossier, nouns
from crm_sync.domain.dossiers import Dossier
from crm_sync.ledger.noticeboard import Slip

_KEYS = 5
_MOST = 20
_COUNTED = {
    ASK: "to be decided by a person",
    CONFLICT: "different in file and CRM",
    REFUSED: "not written",
}


def operator_text(news: Sequence[News], zone: str) -> tuple[str, str]:
    """Return title and text for the operator: who, how many, which keys; no names of firms or people."""
    lines = [*_shared_failures(news), *(line for one in news for line in _operator_lines(one, zone))]
    title = f"crm-sync: {nouns(sum(map(bool, news)), 'user')} with news"
    return title, "\n".join(listing(lines, _MOST * 2, "crm-sync status --all"))


def _shared_failures(news: Sequence[News]) -> Iterator[str]:
    """Yield one line for what failed in the same way for several users: their CRM, or the ledger."""
    by_words: dict[str, list[str]] = {}
    for one in news:
        for slip in one.new:
            if slip.kind == FAILURE:
                by_words.setdefault(slip.words, []).append(one.user)
    for words, users in by_words.items():
        some = ", ".join(users[:_KEYS]) + (", ..." if len(users) > _KEYS else "")
        who = some if len(users) == 1 else f"{nouns(len(users), 'user')} ({some})"
        yield f"{who}: failed. {_one_line(words)}"


def _operator_lines(news: News, zone: str) -> Iterator[str]:
    parts = [
        *_counts(news.new),
        *(f"{_file(s)} not read: {_one_line(s.words)}" for s in _of(news.new, OUTAGE)),
    ]
    if parts:
        yield f"{news.user}: {'; '.join(parts)}"
    for slip in news.over:
        yield f"{news.user}: {_over(slip, zone)}"


def _counts(slips: Sequence[Slip]) -> Iterator[str]:
    for kind, word in _COUNTED.items():
        keys = sorted({slip.subject.partition(":")[0] for slip in _of(slips, kind)})
        if keys:
            more = ", ..." if len(keys) > _KEYS else ""
            yield f"{len(keys):,} {word} ({', '.join(keys[:_KEYS])}{more})"
    rows = Counter(_file(slip) for slip in _of(slips, REJECTED))
    yield from (f"{nouns(number, 'row')} of {file} left out" for file, number in rows.items())


def own_text(news: News, about: Mapping[str, Dossier], zone: str) -> tuple[str, str]:
    """Return title and text for the person whose applications they are."""
    lines = [line for slip in news.new for line in _own_lines(slip, about)]
    lines += [_over(slip, zone).capitalize() for slip in news.over]
    return "crm-sync: your applications need you" if news.new else "crm-sync: it works again", "\n".join(
        listing(lines, _MOST, f"crm-sync status --user {news.user}")
    )


def _own_lines(slip: Slip, about: Mapping[str, Dossier]) -> Iterator[str]:
    key, _, rest = slip.subject.partition(":")
    if slip.kind == ASK:
        dossier = about.get(key)
        word = dossier.application.stage_word if dossier else None
        meaning, command = sentence(rest, key=key, word=word)
        yield f"{named_dossier(dossier) if dossier else key}: {meaning}" + (
            f" → {command}" if command else ""
        )
    elif slip.kind == CONFLICT:
        yield f"{key}: file and CRM differ in {rest.replace('_', ' ')}; the CRM's value stands"
    elif slip.kind == REFUSED:
        yield f"{key}: not written to the CRM: {_one_line(slip.words)}"
    elif slip.kind == REJECTED:
        yield f"{_file(slip)}: a row was left out: {slip.words}"
    elif slip.kind == OUTAGE:
        yield f"Not read: {_unread(slip)}"
    else:
        yield f"The sync failed: {_one_line(slip.words)}"


def _over(slip: Slip, zone: str) -> str:
    what = f"{_file(slip)} is read again" if slip.kind == OUTAGE else "works again"
    return f"{what}; it failed since {moment(slip.since.isoformat(), zone)}"


def digest_text(digest: Digest) -> tuple[str, str]:
    """Return title and text of a user's calls of the day."""
    today = day(digest.settings.today)
    lines = [_call(row) for row in digest.rows if not row["waiting"]]
    waiting = sum(row["waiting"] for row in digest.rows)
    more = [f"{nouns(waiting, 'more call')} wait for a free day."] if waiting else []
    return f"{today}: {nouns(len(lines), 'call')} today", "\n".join([*lines, *more])


def _call(row: Mapping[str, Any]) -> str:
    clock = moment(row["due_at"], row["time_zone"]).rpartition(", ")[2]
    late = f", overdue since {day(row['due_on'])}" if row["overdue"] else ""
    who = row["contact_name"] or "whoever hires"
    number = row["number"] or "number not known"
    turn = f"call {row['attempt']} of {row['max_calls']}"
    return f"{clock} ({row['time_zone']}) {named(row)}: {who}, {number}; {turn}{late}  [{row['key']}]"


def operator_digest_text(digests: Sequence[Digest], today: str) -> tuple[str, str]:
    """Return title and text of everybody's day, in counts."""
    lines = [
        f"{one.user}: {nouns(len(one.rows), 'call')}"
        + (f", {late:,} overdue" if (late := sum(row["overdue"] > 0 for row in one.rows)) else "")
        for one in digests
        if one.rows
    ]
    calls = sum(len(one.rows) for one in digests)
    return f"{day(today)}: {nouns(calls, 'call')} today", "\n".join(lines)


def _of(slips: Sequence[Slip], kind: str) -> list[Slip]:
    return [slip for slip in slips if slip.kind == kind]


def _file(slip: Slip) -> str:
    source = slip.subject.rpartition("#")[0] if slip.kind == REJECTED else slip.subject
    return PurePath(source.partition("?")[0]).name or source


def _unread(slip: Slip) -> str:
    name, words = _file(slip), _one_line(slip.words)
    return words if name in words else f"{name}: {words}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
