"""Search: filters over what the index knows, one sort, pages, and the limits of a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from tests.hubspot_simulator import records
from tests.hubspot_simulator.answers import Answer, Json, invalid
from tests.hubspot_simulator.kinds import ObjectKind, kind_named
from tests.hubspot_simulator.values import moment

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Call, Portal

PAGE, MOST, LONGEST = 200, 10_000, 3_000
GROUPS, PER_GROUP, IN_ALL = 5, 6, 18
MODIFIED = ("hs_lastmodifieddate", "lastmodifieddate")
_ASKED = (
    "dealname",
    "name",
    "domain",
    "email",
    "firstname",
    "lastname",
    "phone",
    "hs_task_subject",
    "hs_call_title",
)
Found = tuple[str, dict[str, str]]
Test = Callable[[Found], bool]


def search(portal: Portal, call: Call) -> Answer:
    """Answer a page of what matches any group of filters."""
    body = call.body
    if call.size > LONGEST:
        raise invalid(f"The request body is longer than {LONGEST} characters.")
    limit = _number(body, "limit", 10)
    if not 0 < limit <= PAGE:
        raise invalid(f"Search limit of {limit} is invalid: it is 1 to {PAGE}")
    after = _number(body, "after", 0)
    if after + limit > MOST:
        raise invalid(f"The search can page through {MOST} results; ask for fewer by filters.")
    groups = _groups(body)
    made = [[(_test(portal, call.kind, one), _answered(one, groups)) for one in group] for group in groups]
    tests = [[test for test, answered in group if not answered] for group in made]
    if body.get("query"):
        tests = [[*group, _asking(str(body["query"]))] for group in tests or [[]]]
    every = portal.index.since(call.kind.name, _earliest(groups))
    everything = not tests or [] in tests
    found = [one for one in every if everything or any(all(t(one) for t in group) for group in tests)]
    _sort(portal, call.kind, body.get("sorts") or [], found)
    return Answer(200, _page(portal, call, found, after, limit))


def _page(portal: Portal, call: Call, found: list[Found], after: int, limit: int) -> Json:
    told = [_told(portal, call, one) for one in found[after : after + limit]]
    body: Json = {"total": len(found), "results": told}
    if after + limit < len(found):
        body["paging"] = {"next": {"after": str(after + limit), "link": f"?after={after + limit}"}}
    return body


def _told(portal: Portal, call: Call, one: Found) -> Json:
    number, properties = one
    wanted = call.body.get("properties") or ()
    return records.render(portal, call.kind, number, properties, wanted) | {
        "createdAt": properties.get("hs_createdate"),
        "updatedAt": properties["hs_lastmodifieddate"],
        "archived": False,
    }


def _number(body: Json, name: str, default: int) -> int:
    try:
        return int(body.get(name) or default)
    except (TypeError, ValueError):
        raise invalid(f"{name} is not a number: {body[name]!r}") from None


def _groups(body: Json) -> list[list[Json]]:
    groups = [list(group.get("filters") or []) for group in body.get("filterGroups") or []]
    if (
        len(groups) > GROUPS
        or any(len(group) > PER_GROUP for group in groups)
        or sum(map(len, groups)) > IN_ALL
    ):
        raise invalid(f"At most {GROUPS} groups of {PER_GROUP} filters, {IN_ALL} filters in all.")
    return groups


def _earliest(groups: list[list[Json]]) -> int:
    """Return the time before which nothing can match: the index starts there."""
    bounds = [max((_bound(one) for one in group), default=0) for group in groups]
    return min(bounds, default=0)


def _answered(one: Json, groups: list[list[Json]]) -> bool:
    """Say whether to start at the earliest time answers a filter already."""
    return len(groups) == 1 and one.get("operator") == "GTE" and _bound(one) > 0


def _bound(one: Json) -> int:
    if one.get("propertyName") not in MODIFIED or one.get("operator") not in ("GT", "GTE", "EQ", "BETWEEN"):
        return 0
    return int(_as_number(str(one.get("value") or "0")))


def _sort(portal: Portal, kind: ObjectKind, sorts: list[Any], found: list[Found]) -> None:
    if len(sorts) > 1:
        raise invalid("Only one sort is supported")
    if not sorts:
        found.sort(key=lambda one: int(one[0]))
        return
    name, falling = _sort_of(sorts[0])
    if name in MODIFIED:  # the index is in this order
        found[:] = found[::-1] if falling else found
        return
    prop = portal.catalogue.find(kind, name)
    if prop is None:
        raise invalid(f"There was a problem with the request. Cannot sort by {name}")
    typed = _TYPED.get(prop.type, str.lower)
    empty = [one for one in found if name not in one[1]]
    filled = [one for one in found if name in one[1]]
    filled.sort(key=lambda one: typed(one[1][name]), reverse=falling)
    found[:] = filled + empty


def _sort_of(sort: Any) -> tuple[str, bool]:
    if isinstance(sort, str):
        return sort.removeprefix("-"), sort.startswith("-")
    return str(sort.get("propertyName")), sort.get("direction") == "DESCENDING"


def _as_number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return float(_as_moment(value))


def _as_moment(value: str) -> int:
    try:
        return moment(value)
    except ValueError:
        raise invalid(f"{value!r} cannot be compared with a date or number") from None


_TYPED: dict[str, Callable[[str], Any]] = {"number": _as_number, "datetime": _as_moment, "date": _as_moment}


def _test(portal: Portal, kind: ObjectKind, one: Json) -> Test:
    name, operator = str(one.get("propertyName") or ""), str(one.get("operator") or "")
    if name.startswith("associations."):
        return _joined(portal, kind, name.partition(".")[2], operator, one)
    prop = portal.catalogue.find(kind, name)
    if prop is None:
        raise invalid(f"There was a problem with the request. Property {name} does not exist")
    if operator == "HAS_PROPERTY":
        return lambda found: name in found[1]
    if operator == "NOT_HAS_PROPERTY":
        return lambda found: name not in found[1]
    typed = _TYPED.get(prop.type, str.lower)
    compare = _comparison(operator, typed, one)
    empty = operator in ("NEQ", "NOT_IN", "NOT_CONTAINS_TOKEN")
    if prop.type in _TYPED:
        return lambda found: compare(typed(found[1][name])) if name in found[1] else empty
    return lambda found: compare(found[1][name].lower()) if name in found[1] else empty


def _comparison(operator: str, typed: Callable[[str], Any], one: Json) -> Callable[[Any], bool]:
    if operator in ("IN", "NOT_IN"):
        values = one.get("values")
        if not isinstance(values, list) or not values:
            raise invalid(f"operator {operator} requires values")
        among = {typed(str(value)) for value in values}
        return (lambda held: held in among) if operator == "IN" else (lambda held: held not in among)
    if one.get("value") in (None, ""):
        raise invalid(f"operator {operator} requires a value")
    if operator == "CONTAINS_TOKEN":
        return _containing(str(one["value"]))
    if operator == "NOT_CONTAINS_TOKEN":
        containing = _containing(str(one["value"]))
        return lambda held: not containing(held)
    return _ordered(operator, typed(str(one["value"])), typed, one)


def _ordered(operator: str, value: Any, typed: Callable[[str], Any], one: Json) -> Callable[[Any], bool]:
    if operator == "BETWEEN":
        if one.get("highValue") in (None, ""):
            raise invalid("operator BETWEEN requires a highValue")
        high = typed(str(one["highValue"]))
        return lambda held: bool(value <= held <= high)
    tests: dict[str, Callable[[Any], bool]] = {
        "EQ": lambda held: bool(held == value),
        "NEQ": lambda held: bool(held != value),
        "GT": lambda held: bool(held > value),
        "GTE": lambda held: bool(held >= value),
        "LT": lambda held: bool(held < value),
        "LTE": lambda held: bool(held <= value),
    }
    if operator not in tests:
        raise invalid(f"Invalid operator {operator}")
    return tests[operator]


def _tokens(text: str) -> Iterator[str]:
    word = ""
    for letter in text.lower() + " ":
        if letter.isalnum() or letter in "._-*":
            word += letter
        elif word:
            yield word
            word = ""


def _containing(value: str) -> Callable[[str], bool]:
    wanted = list(_tokens(value))

    def contains(held: str) -> bool:
        tokens = set(_tokens(held))
        return all(_is_among(token, tokens) for token in wanted)

    return contains


def _is_among(token: str, tokens: Iterable[str]) -> bool:
    if "*" not in token:
        return token in tokens
    bare = token.strip("*")
    return any(bare in one if token.startswith("*") else one.startswith(bare) for one in tokens)


def _asking(query: str) -> Test:
    words = query.lower().split()
    return lambda found: all(any(w in found[1].get(name, "").lower() for name in _ASKED) for w in words)


def _joined(portal: Portal, kind: ObjectKind, word: str, operator: str, one: Json) -> Test:
    other = kind_named(word)
    if other is None or operator not in ("EQ", "IN"):
        raise invalid(
            f"There was a problem with the request. Cannot filter by associations.{word} {operator}"
        )
    numbers = {str(value) for value in one.get("values") or [one.get("value")]}
    ripe = portal.seconds() - portal.index.lag()

    def joined(found: Found) -> bool:
        edges = portal.associations.between(kind.name, found[0], other.name)
        return any(edges[far].made <= ripe for far in numbers if far in edges)

    return joined
