"""The part of a description that says where a value comes from: marked YAML -> rules."""

from __future__ import annotations

from crm_sync.reading.description.asking import (
    Asked,
    asked,
    column_of,
    each,
    pattern_of,
    text_of,
    texts_of,
)
from crm_sync.reading.description.forms import HALVES, PICKS, Condition, Rule, Take
from crm_sync.reading.description.marks import Items, Node, Pairs, Text, wrong
from crm_sync.reading.texts import fold

_TAKE_KEYS = (
    "from", "always", "join", "with", "when", "find", "words", "look_up", "take", "pick", "each", "json",
    "html", "cut", "half", "parts", "flag", "unless", "optional",
)  # fmt: skip
_CONDITION_KEYS = ("is", "not", "like", "unlike")
_SOURCES = ("from", "always", "join")


def rule_of(node: Node, name: str, what: str) -> Rule:
    """Return the alternatives of a value: a path, a mapping, or a list of both."""
    return tuple(_take(item, name, what) for item in each(node))


def _take(node: Node, name: str, what: str) -> Take:
    if isinstance(node, Text):
        return Take(paths=(text_of(node, name, what),))
    if isinstance(node, Items):
        wrong(name, node.line, f"{what}: a list inside a list", "Write alternatives in one list.")
    told = asked(node, name, what)
    told.only(_TAKE_KEYS)
    _check_sources(told)
    return Take(
        paths=told.texts("from"),
        always=told.text("always") if told.has("always") else None,
        join=tuple(rule_of(part, name, what) for part in each(joined))
        if (joined := told.node("join"))
        else (),
        glue=_glue(told),
        when=conditions_of(told.node("when"), name),
        find=told.patterns("find"),
        translate=_translations(told),
        look_up=told.texts("look_up"),
        take=_taken(told),
        pick=told.choice("pick", PICKS, "first"),
        each=told.text("each") if told.has("each") else None,
        json=told.text("json") if told.has("json") else None,
        html=told.flag("html"),
        cut=told.patterns("cut"),
        half=told.choice("half", HALVES) if told.has("half") else None,
        parts=_raw(told, "parts"),
        flag=told.text("flag") if told.has("flag") else None,
        unless=told.stages("unless"),
        optional=told.flag("optional"),
    )


def _check_sources(told: Asked) -> None:
    given = [key for key in _SOURCES if told.has(key)]
    if len(given) != 1:
        message = f"{told.what} needs one of from, always, join" + (
            f", not {' and '.join(given)}" * bool(given)
        )
        wrong(told.name, told.line, message, "Write from: COLUMN.")


def _taken(told: Asked) -> tuple[str, ...]:
    tables, paths = told.texts("look_up"), told.texts("take")
    if tables and not paths:
        wrong(told.name, told.line, "look_up without take", "Add take: with the column to take from there.")
    if tables and len(tables) != len(paths):
        message = f"look_up names {len(tables)} side tables, take {len(paths)} columns"
        wrong(told.name, told.line, message, "Name a column to take from each table, in their order.")
    return paths if tables else ()


def _glue(told: Asked) -> str:
    node = told.node("with")
    if node is None:
        return " " if told.has("join") else ", "
    return _raw(told, "with") or ""


def _raw(told: Asked, key: str) -> str | None:
    """Return a text with the blanks around it, None where the key is absent."""
    node = told.node(key)
    if node is None:
        return None
    return node.value if isinstance(node, Text) else text_of(node, told.name, key)


def _translations(told: Asked) -> dict[str, str]:
    inner = told.inner("words", "words")
    if inner is None:
        return {}
    return {fold(key): text_of(node, told.name, key) for key, (_, node) in inner.pairs.value.items()}


def conditions_of(node: Node | None, name: str) -> tuple[Condition, ...]:
    """Return the conditions of a ``when:``, all of which must hold."""
    if node is None:
        return ()
    told = asked(node, name, "when")
    return tuple(_condition(path, inner, name) for path, (_, inner) in told.pairs.value.items())


def _condition(path: str, node: Node, name: str) -> Condition:
    if not isinstance(node, Pairs):
        return Condition(path, words=tuple(map(fold, texts_of(node, name, path))))
    told = Asked(name, f"the condition on {path}", node)
    told.only(_CONDITION_KEYS)
    if len(node.value) != 1:
        wrong(name, node.line, f"{told.what} needs one of is, not, like", "Write like: 'text'.")
    key, (_, inner) = next(iter(node.value.items()))
    if key == "is":
        state = told.choice("is", ("filled", "empty"))
        return Condition(path, filled=state == "filled")
    if key == "not":
        return Condition(path, words=tuple(map(fold, texts_of(inner, name, path))), negated=True)
    return Condition(path, like=pattern_of(inner, name, key), negated=key == "unlike")


def signs_of(node: Node | None, name: str, what: str) -> tuple[Condition, ...]:
    """Return the signs of a signature: columns or paths that must exist, or must say a word."""
    if node is None:
        return ()
    found: list[Condition] = []
    for item in each(node):
        if isinstance(item, Pairs):
            found.extend(conditions_of(item, name))
        else:
            found.append(Condition(column_of(item, name, what)))
    return tuple(found)
