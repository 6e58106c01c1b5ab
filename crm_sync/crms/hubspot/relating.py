"""Relations: default associations in both directions, harmless when repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_sync.crms.fields import BLANK
from crm_sync.crms.hubspot.api import Api
from crm_sync.crms.hubspot.records import TYPES
from crm_sync.crms.hubspot.refusals import Rejection, record_errors
from crm_sync.domain.items import Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.ports import Done, Outcome, Refused, Unknown

Pair = tuple[Key, RemoteId, Key, RemoteId]
End = tuple[str, str]
Ends = Sequence[End]


def relate(api: Api, child: Kind, parent: Kind, pairs: Sequence[Pair]) -> Iterator[Outcome]:
    """Connect children with parents of one kind each; one outcome per pair under the child's key.

    A batch that is refused as a whole is halved until the impossible pairs are alone.
    """
    asked = {(one, other) for _, one, _, other in pairs if _is_id(one) and _is_id(other)}
    joined, refusals = _join(api, TYPES[child], TYPES[parent], sorted(asked))
    for key, one, _, other in pairs:
        if (one, other) in joined:
            yield Done(key, Remote(one, child, None, BLANK[child], frozenset({other})))
        elif (one, other) in refusals:
            yield Refused(key, refusals[one, other])
        elif not (_is_id(one) and _is_id(other)):
            yield Refused(key, "there is no such record")
        else:
            yield Unknown(key, "HubSpot's answer did not tell of it")


def _join(api: Api, child: str, parent: str, pairs: Ends) -> tuple[set[End], dict[End, str]]:
    """Return the pairs that are joined now, and why others are not."""
    if not pairs:
        return set(), {}
    try:
        body = api.relate(child, parent, pairs).body
    except Rejection as rejection:
        if len(pairs) == 1:
            return set(), {pairs[0]: rejection.reason}
        return _by_halves(api, child, parent, pairs)
    joined = {pair for result in body.get("results") or () for pair in _ends(result)} & set(pairs)
    left = [pair for pair in pairs if pair not in joined]
    reason = next((error.reason for error in record_errors(body)), None)
    if not left or reason is None:
        return joined, {}
    if len(left) == 1:
        return joined, {left[0]: reason}
    rest, refusals = _by_halves(api, child, parent, left)
    return joined | rest, refusals


def _by_halves(api: Api, child: str, parent: str, pairs: Ends) -> tuple[set[End], dict[End, str]]:
    middle = len(pairs) // 2
    (one, its), (other, theirs) = (
        _join(api, child, parent, half) for half in (pairs[:middle], pairs[middle:])
    )
    return one | other, its | theirs


def _ends(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a result's ends both ways round: the answer tells each relation in both directions."""
    one = str((result.get("from") or {}).get("id") or result.get("fromObjectId"))
    other = str((result.get("to") or {}).get("id") or result.get("toObjectId"))
    yield one, other
    yield other, one


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal()
