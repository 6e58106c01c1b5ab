"""A person's word that two applications are one, or that one is two: remembered for ever."""

from __future__ import annotations

from collections.abc import Iterable

from crm_sync.app.desk import Desk
from crm_sync.app.sourcing import source_order
from crm_sync.app.words import KEPT
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import Course, Dossier, Preparation, Saying
from crm_sync.domain.links import UNMARKED
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import Touch
from crm_sync.domain.values import replace
from crm_sync.errors import UsageError
from crm_sync.planning.deciding import cancel
from crm_sync.planning.desired import deal_key
from crm_sync.planning.families import families, gathered, head_of, standing, words_of_all
from crm_sync.planning.matching import unused_key
from crm_sync.planning.parties import belonging
from crm_sync.planning.recall import ALSO, APART
from crm_sync.planning.sayings import by_order, told_as_one, told_together, words_of
from crm_sync.planning.sightings import evidence_in, identity_in, see

MERGED = "merged"
"""Reason of the standing decision of an application that was merged into another."""

_BEGINNINGS = frozenset({Stage.UNKNOWN, Stage.SAVED, Stage.APPLIED})


def merge(desk: Desk, first: str, other: str) -> str:
    """Say that *other* is the same application as *first*, which goes on for both; return its key.

    The other keeps its key and its rows, but has no deal and no calls of its own any more. Raises UsageError
    where they are one already, or where the deal of the first was removed by a person.
    """
    one, two = (head_of(key, desk.dossiers) for key in (first, other))
    if one == two:
        raise UsageError(f"{first} and {other} are one application already", f"See: crm-sync explain {one}")
    winner, loser = desk.dossiers[one], desk.dossiers[two]
    if winner.course.deal_removed and not loser.course.deal_removed:
        raise UsageError(
            f"the deal of {one} was removed from the CRM, and stays away",
            f"Let the other one go on: crm-sync merge {two} {one}",
        )
    words = (*_all_words(desk, one), *_all_words(desk, two))
    rested = replace(cancel(loser.course), decision=Decision(Action.STOP, MERGED), decide_on=None)
    desk.put([replace(loser, merged_into=one, sayings=words_of(loser), course=rested)])
    order = source_order(desk.settings)
    winner = replace(
        winner,
        application=told_as_one(words, order, winner.application),
        sayings=words_of(winner),
        course=_course_of_both(winner, loser),
    )
    desk.put([_settled(desk, winner, desk.dossiers[one], words)])
    _sort_touches(desk)
    return one


def split(desk: Desk, key: str) -> tuple[str, list[str]]:
    """Say that an application is several; return the key that stays and those that stand alone now.

    What was merged comes apart first: all of it, or the one whose own key was given. Else each source that
    tells of the application gets one of its own; the source that was first keeps the key. Raises UsageError
    where there is nothing to split.
    """
    dossier = desk.dossiers[key]
    if dossier.merged_into:
        return dossier.merged_into, _take_back(desk, dossier.merged_into, [key])
    children = families(desk.dossiers).get(key)
    if children:
        return key, _take_back(desk, key, children)
    words = [word for word in words_of(dossier) if word.source != KEPT]
    if len(words) < 2:
        raise UsageError(f"{key} is one row of one source", "There is nothing to split.")
    return key, _part(desk, dossier, words)


def keep_apart(desk: Desk, one: str, two: str) -> list[str]:
    """Say that two applications are two, whatever they look like; return those that stand alone now.

    Raises UsageError for one application under two names, where it cannot be told what is meant.
    """
    if head_of(one, desk.dossiers) != head_of(two, desk.dossiers):
        _remember_apart(desk, (one, two))
        return []
    for key, other in ((one, two), (two, one)):
        if desk.dossiers[key].merged_into == other:
            return _take_back(desk, other, [key])
    raise UsageError(
        f"{one} and {two} are one application",
        f"Split it first: crm-sync split {head_of(one, desk.dossiers)}",
    )


def _take_back(desk: Desk, head: str, children: Iterable[str]) -> list[str]:
    """Take merges back: each goes on by itself, with its own touches, and gets its deal again."""
    freed = list(children)
    for key in freed:
        child = desk.dossiers[key]
        course = replace(child.course, decision=None, decide_on=desk.settings.today)
        desk.put([replace(child, merged_into="", course=_with_deal_again(desk, child, course))])
    for key in freed:
        desk.put([_told_again(desk, key)])
    top = head_of(head, desk.dossiers)
    desk.put([_told_again(desk, top)])
    _remember_apart(desk, (head, *freed))
    _sort_touches(desk)
    return freed


def _part(desk: Desk, dossier: Dossier, words: list[Saying]) -> list[str]:
    """Give every source but the first an application of its own."""
    kept = next(word for word in dossier.sayings if word.source == words[0].source)
    desk.put([replace(dossier, sayings=(kept,))])
    desk.put([_told_again(desk, dossier.key)])
    alone = [_alone(desk, dossier, word) for word in words[1:]]
    _remember_apart(desk, (dossier.key, *alone))
    return alone


def _alone(desk: Desk, dossier: Dossier, word: Saying) -> str:
    """Begin an application with what one source said; its rows are known by it from now on."""
    application, sighting = word.application, see(word.application)
    key = unused_key(dossier.user, identity_in(sighting), desk.dossiers.keys())
    course = standing(Course(application.stage, dossier.course.first_seen), [word])
    for text in evidence_in(sighting):
        _remember(desk, dossier.user, f"{ALSO}:{key}:{text}", key)
    new = Dossier(key, dossier.user, application, course, origin=word.source)
    desk.put([_settled(desk, new, new, [word])])
    return key


def _told_again(desk: Desk, key: str) -> Dossier:
    """Return the application as the sources that are left to it tell it."""
    dossier, kin = desk.dossiers[key], families(desk.dossiers)
    told = told_together(words_of_all(key, kin, desk.dossiers), source_order(desk.settings))
    single = len(dossier.sayings) == 1 and key not in kin
    again = replace(dossier, application=told, sayings=() if single else words_of(dossier))
    return _settled(desk, again, dossier, words_of_all(key, kin, desk.dossiers))


def _settled(desk: Desk, new: Dossier, old: Dossier, words: Iterable[Saying]) -> Dossier:
    """Return the application with what follows from its words: to whom it belongs, and where it stands."""
    order = source_order(desk.settings)
    company, contact, news = belonging(new.application, old, desk.account_evidence)
    for text, ident in news.items():
        desk.account_evidence[text] = desk.new_evidence["", text] = ident
    return replace(
        new,
        company_key=company,
        contact_key=contact,
        course=standing(new.course, words),
        origin=by_order(words_of(old), order)[0].source,
    )


def _course_of_both(winner: Dossier, loser: Dossier) -> Course:
    """Return the course that goes on: what a person said about either counts."""
    mine, theirs = winner.course, loser.course
    later = max(mine, theirs, key=lambda course: course.round)
    told = theirs.said_stage or theirs.crm_stage
    further = told is not None and told not in _BEGINNINGS and mine.stage in _BEGINNINGS
    return replace(
        mine,
        first_seen=min(mine.first_seen, theirs.first_seen),
        said_stage=told if further else mine.said_stage,
        do_not_call=mine.do_not_call or theirs.do_not_call,
        phone=mine.phone or theirs.phone,
        round=later.round,
        round_started=later.round_started,
        preparation=_prepared(mine.preparation, theirs.preparation),
    )


def _prepared(mine: Preparation, theirs: Preparation) -> Preparation:
    facts = tuple(dict.fromkeys((*mine.facts, *theirs.facts)))
    return Preparation(mine.why or theirs.why, facts, mine.reason or theirs.reason)


def _with_deal_again(desk: Desk, child: Dossier, course: Course) -> Course:
    """Return the course of an application whose deal is wished again, after we removed or left it.

    A deal that was left goes on where it stood; one that was removed is made anew, as its source tells it.
    """
    key = deal_key(child)
    link = desk.links.get(key)
    ending = link.mark("open") if link is not None else UNMARKED
    if link is None or course.deal_removed or (ending == UNMARKED and not link.retired):
        return course
    if ending == UNMARKED:  # a look-up had found it gone: a person removed it
        return replace(course, deal_removed=True)
    desk.relink(link.taken_back())
    if link.was_left:
        return course
    for other in [held for held in desk.links.values() if key in held.connected]:
        desk.relink(replace(other, connected=other.connected - {key}))
    return replace(course, crm_stage=None)


def _remember_apart(desk: Desk, keys: Iterable[str]) -> None:
    several = sorted(keys)
    for number, one in enumerate(several):
        for two in several[number + 1 :]:
            _remember(desk, desk.dossiers[one].user, f"{APART}:{one}:{two}", one)


def _remember(desk: Desk, user: str, text: str, key: str) -> None:
    desk.evidence[text] = desk.new_evidence[user, text] = key


def _all_words(desk: Desk, key: str) -> tuple[Saying, ...]:
    return words_of_all(key, families(desk.dossiers), desk.dossiers)


def _sort_touches(desk: Desk) -> None:
    """Put every touch under the application that speaks for its own now."""
    own: dict[str, list[Touch]] = {}
    for group in desk.touches.values():
        for touch in group:
            own.setdefault(touch.application, []).append(touch)
    desk.touches = gathered({key: tuple(group) for key, group in own.items()}, desk.dossiers)
