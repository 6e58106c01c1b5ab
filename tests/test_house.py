"""The rules of the house: style, types and layers are checked by the same machines everywhere."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
OURS = ["crm_sync", "connectors", "tests", "examples", "benchmarks"]
LONGEST = 300


def check(*words: str) -> None:
    """Run a tool of this environment and fail with what it says."""
    run = subprocess.run([*words], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, f"{' '.join(words)}\n{run.stdout}{run.stderr}"


def test_ruff_finds_nothing() -> None:
    check(sys.executable, "-m", "ruff", "check", "--output-format", "concise", *OURS)


def test_ruff_would_format_nothing_otherwise() -> None:
    check(sys.executable, "-m", "ruff", "format", "--check", *OURS)


def test_mypy_is_content() -> None:
    check(sys.executable, "-m", "mypy")


def test_the_stairs_go_one_way() -> None:
    check(str(BIN / "lint-imports"), "--no-cache")


def sources() -> list[Path]:
    """Return our own Python files."""
    return [path for room in ("crm_sync", "connectors") for path in sorted((ROOT / room).rglob("*.py"))]


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in sources() if (n := p.read_text("utf-8").count("\n")) > LONGEST
    }
    assert not long, long


@pytest.mark.parametrize("word", ["Manager", "Helper", "Utils", "Impl"])
def test_names_say_what_a_thing_is(word: str) -> None:
    named = re.compile(rf"^(?:class|def) \w*{word}\b", re.M)
    assert [path.name for path in sources() if named.search(path.read_text("utf-8"))] == []


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources()
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_every_file_says_what_it_is_for() -> None:
    assert [p.name for p in sources() if ast.get_docstring(ast.parse(p.read_text("utf-8"))) is None] == []
