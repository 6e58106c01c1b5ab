"""What a person may meet or type, found in the program's own text; and what the tests hold of it.

A message is known by its longest constant piece. Where several places say the same piece, the tests must
hold it as often: one assertion does not answer for all of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crm_sync import errors

ROOT = Path(__file__).parents[1]
ROOMS = ("app", "cli", "config", "ledger", "notices", "schedule")
ERRORS = frozenset(
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.CrmSyncError)
)
TELLERS = dict.fromkeys(ERRORS | {"ValueError", "UnreadableBody", "Undelivered", "_ForNow"}, 0) | {
    "Problem": 2,
    "wrong": 0,
    "_error": 0,
    "_complain": 2,
    "_no_backup": 1,
    "note": 0,
    "warn": 0,
    "_tell": 0,
    "Left": 1,
}
"""Who takes a message, and as which of its arguments: errors, what makes one, what writes to stderr."""
NO_MESSAGE = frozenset({"Exit", "KeyboardInterrupt", "AttributeError", "TypeError"})
"""What is raised and no person reads: signals, and what a programmer did wrong."""
_REASONS = re.compile(r"why|touch|fault|answer")
_CALLED = frozenset({"what", "message", "told", "where", "fault", "why"})
_SENTENCE = re.compile(r"\w+[,:]? \w+")
_BLANK = re.compile(r"\{\w*\}")
_TEMPLATE = "{value}"
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Message:
    """One message, where it is said."""

    at: str
    piece: str


def messages() -> list[Message]:
    """Return every message of the rooms."""
    found = set()
    for path in _modules(*(ROOT / "crm_sync" / room for room in ROOMS)):
        for node in _told(ast.parse(path.read_text(encoding="utf-8"))):
            piece = max(_pieces(node), key=len).strip()
            if len(piece) >= _SHORTEST:
                found.add(Message(f"{path.relative_to(ROOT)}:{node.lineno}", piece))
    return sorted(found, key=lambda message: message.at)


def raised_without_message() -> set[str]:
    """Return what the rooms raise and nobody here knows: no teller, and no function that makes an error."""
    raised, makers = set(), {"with_traceback"}
    for path in _modules(*(ROOT / "crm_sync" / room for room in ROOMS)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                raised.add(_name(node.exc))
            elif isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") in TELLERS:
                makers.add(node.name)
    return raised - TELLERS.keys() - NO_MESSAGE - makers


def asserted() -> str:
    """Return every text that the tests hold, one below the other; backslashes of patterns are left out."""
    texts: list[str] = []
    for path in _modules(ROOT / "tests", ROOT / "crm_sync" / "testing"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = _prose(tree)
        texts += (
            node.value.replace("\\", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        )
    return "\n".join(texts)


def typed() -> list[list[str]]:
    """Return the words of every command line in the tests: what stands in one call, tuple or list."""
    lines = []
    for path in _modules(ROOT / "tests"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call | ast.Tuple | ast.List):
                parts = node.args if isinstance(node, ast.Call) else node.elts
                lines.append([word for part in parts for word in _words(part)])
    return lines


def _modules(*folders: Path) -> list[Path]:
    return [
        path for folder in folders for path in sorted(folder.rglob("*.py")) if "versions" not in path.parts
    ]


def _told(tree: ast.AST) -> Iterator[ast.expr]:
    prose = _prose(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in TELLERS:
            for argument in node.args[TELLERS[_name(node)] :][:1]:
                yield from _texts(argument)
        elif isinstance(node, ast.FunctionDef) and _REASONS.search(node.name):
            ends = (end.value for end in ast.walk(node) if isinstance(end, ast.Return) and end.value)
            yield from (text for end in ends for text in _texts(end) if _is_wordy(text))
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _CALLED:
            yield from filter(_is_wordy, _texts(node.value))
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2:  # what happened, and what to do
            what, hint = map(_texts, node.elts)
            if any(map(_is_wordy, what)) and any(map(_is_wordy, hint)):
                yield from what
        elif isinstance(node, ast.Constant) and _TEMPLATE in str(node.value) and id(node) not in prose:
            yield node


def _prose(tree: ast.AST) -> set[int]:
    """Return what only explains: docstrings."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _texts(node: ast.expr) -> list[ast.expr]:
    """Return the texts that an expression may come to."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    if isinstance(node, ast.BinOp):
        return [*_texts(node.left), *_texts(node.right)]
    return [node] if _pieces(node) else []


def _pieces(node: ast.expr) -> list[str]:
    parts: Iterable[ast.expr] = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [piece for text in texts for piece in _BLANK.split(text) if piece.strip()]


def _is_wordy(node: ast.expr) -> bool:
    return any(_SENTENCE.search(piece) for piece in _pieces(node))


def _words(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield from part.value.split()


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))
