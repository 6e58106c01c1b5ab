"""From what a file says to a validated configuration, or to everything that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from crm_sync.cadence.policy import POLICIES, STEADY, Policy, adjusted
from crm_sync.config.connections import KINDS
from crm_sync.config.documents import Document, Where
from crm_sync.config.file import ConfigFile
from crm_sync.config.problems import Place, Problem, nearest, shown
from crm_sync.config.rewriting import users_by_name
from crm_sync.config.schema import SchemaWalk, config_schema

_SECRET_KEYS = frozenset({"token", "slack", "email", "database", "webhook", "ping", "env", "file", "keyring"})
_WORDS = {
    "missing": "is missing",
    "int_type": "{value} is no whole number",
    "bool_type": "{value} is neither true nor false",
    "string_type": "{value} is no text",
    "list_type": "{value} is no list",
    "dict_type": "{value} is no set of keys with values",
    "model_type": "{value} is no set of keys with values",
    "model_attributes_type": "{value} is no set of keys with values",
    "greater_than_equal": "{value} is less than {ge}",
    "literal_error": "{value} is none of {expected}",
    "string_pattern_mismatch": "{value} is not written as it should be",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "union_tag_invalid": "{value} is no kind of CRM",
    "union_tag_not_found": "is missing",
}


def validated(document: Document) -> ConfigFile | None:
    """Return the configuration; None where something is wrong, which is then among the problems."""
    data = _without_gaps(document.data)
    try:
        return ConfigFile.model_validate(data, context=_surroundings(data))
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
    walk = _walk()
    document.problems += (_problem(one, document, data, walk) for one in told)
    return None


@lru_cache(maxsize=1)
def _walk() -> SchemaWalk:
    return SchemaWalk(config_schema())


def _without_gaps(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data, keys without any value left out as if they were not there."""
    kept = {key: value for key, value in data.items() if value is not None}
    if isinstance(kept.get("users"), dict):
        kept["users"] = {name: {} if told is None else told for name, told in kept["users"].items()}
    return kept


def _surroundings(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what one part of the file may say about another: names of CRMs and cadences, the country."""
    defaults = _mapping(data, "defaults")
    country = defaults.get("country")
    own = {name: _policy(told) for name, told in _mapping(data, "cadences").items()}
    return {
        "crms": list(dict.fromkeys((*_mapping(data, "crms"), *KINDS))),
        "cadences": {**own, **POLICIES},
        "country": country if isinstance(country, str) else None,
    }


def _mapping(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _policy(told: Any) -> Policy:
    """Return the policy of a cadence of the file, steady where it is wrong: that is told where it stands."""
    try:
        changes = dict(told)
        return adjusted(POLICIES[changes.pop("like", "steady")], changes)
    except (KeyError, ValueError, TypeError):
        return STEADY


def _problem(told: Mapping[str, Any], document: Document, data: Any, walk: SchemaWalk) -> Problem:
    kind, context = told["type"], told.get("ctx", {})
    where = _where(told["loc"], data)
    if kind.startswith("union_tag"):
        where = (*where, "kind")
    value = _value(data, where)
    if kind == "extra_forbidden":
        what, hint = "there is no such key", _nearest(walk.keys_at(where[:-1], data), str(where[-1]))
    elif kind == "wrong":
        what, hint = context["what"], context["hint"] or _write(walk, where, data)
    else:
        secret = _SECRET_KEYS.intersection(map(str, where))
        words = {"value": "what stands there" if secret else _text(value), **context}
        what = _WORDS.get(kind, str(told["msg"])).format_map(words)
        hint = _users_instead(where, data) or _write(walk, where, data)
    return Problem(_place(document, where), where, what, hint)


def _users_instead(where: Where, data: Any) -> str:
    """Return, where users stand in a list, the first of them as they should be written."""
    by_name = users_by_name(data["users"]) if where == ("users",) else None
    if by_name is None:
        return ""
    more = " and so on" if len(data["users"]) > len(by_name) else ""
    return f"A user's name is the key, not a value: write users: {in_yaml(by_name)}{more}"


def _where(loc: Where, data: Any) -> Where:
    """Return the keys that lead there in the file; pydantic's own names of forms are left out."""
    where: list[str | int] = []
    for number, part in enumerate(loc):
        inside = isinstance(data, dict) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        if inside:
            data = data[part]
            where.append(part)
        elif number == len(loc) - 1 and isinstance(data, dict) and part not in _FORMS:
            where.append(part)
    return tuple(where)


_FORMS = frozenset({"short", "long", *KINDS})


def _value(data: Any, where: Where) -> Any:
    for part in where:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return "this"
    return "nothing" if value is None else shown(json.dumps(value) if isinstance(value, bool) else value)


def _place(document: Document, where: Where) -> Place:
    for length in range(len(where), 0, -1):
        place = document.places.get(where[:length])
        if place is not None:
            return place
    return Place(document.path, 1, 1)


def _nearest(keys: list[str], key: str) -> str:
    close = nearest(key, keys)
    if close:
        return f"Did you mean {close}?"
    return f"The keys here are: {', '.join(keys)}."


def _write(walk: SchemaWalk, where: Where, data: Any) -> str:
    """Return what to write instead, taken from the schema's example."""
    example = walk.example_at(where, data)
    if example is None and where and isinstance(where[-1], int):
        whole = walk.example_at(where[:-1], data)
        example = whole[0] if isinstance(whole, list) else None
    if example is None:
        keys = walk.keys_at(where, data)
        return f"The keys here are: {', '.join(keys)}." if keys else "See docs/configuration.md."
    key = f"{where[-1]}: " if where and isinstance(where[-1], str) else "- "
    return f"Write, for example, {key}{in_yaml(example)}"


def in_yaml(value: Any) -> str:
    """Return a value as it is written in one line of YAML."""
    import yaml

    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=1000, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")
