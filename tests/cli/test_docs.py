"""The documentation and the command line tell the same, and every example runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from typer.main import get_command

from crm_sync.cli.main import app
from tests.cli.conftest import ROOT, Shell

COMMANDS = ROOT / "docs" / "commands.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
ANYTHING = "…"


def options_that_exist() -> dict[str, set[str]]:
    """Return the options of every command; those of the program itself under ""."""
    program = get_command(app)
    told = {"": _options(program) | {"--help"}}
    for name, command in program.commands.items():  # type: ignore[attr-defined]
        told[name] = _options(command)
        for below, inner in getattr(command, "commands", {}).items():
            told[f"{name} {below}"] = _options(inner)
    return told


def _options(command: object) -> set[str]:
    options: set[str] = set()
    for parameter in command.params:  # type: ignore[attr-defined]
        if parameter.param_type_name == "option":
            options |= {
                word for word in (*parameter.opts, *parameter.secondary_opts) if word.startswith("--")
            }
    return options - {"--help"}


def options_that_are_documented() -> dict[str, set[str]]:
    """Return what docs/commands.md lists in the tables below each command's heading."""
    told: dict[str, set[str]] = {}
    for part in re.split(r"^##+ ", COMMANDS.read_text(encoding="utf-8"), flags=re.M)[1:]:
        heading = re.match(r"`(?:crm-sync)?([a-z-]*(?: [a-z]+)?)", part)
        if heading:
            rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `--")]
            told[heading[1]] = {option for row in rows for option in re.findall(r"`(--[\w-]+)", row)}
    return told


def test_every_command_and_option_is_documented_and_every_documented_one_exists() -> None:
    assert options_that_are_documented() == options_that_exist()


def test_every_command_named_anywhere_in_the_documentation_exists() -> None:
    for page in PAGES:
        named = set(re.findall(r"(?:`|→ |\$ )crm-sync ([a-z]+)\b", page.read_text(encoding="utf-8")))
        assert named <= set(options_that_exist()), page.name


def test_every_variable_that_settings_read_is_documented() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8")
        for room in ("crm_sync", "connectors")
        for path in (ROOT / room).rglob("*.py")
    )
    read = set(re.findall(r'"(CRM_SYNC_[A-Z_]+)"', sources))
    assert read == set(re.findall(r"^\| `(CRM_SYNC_[A-Z_]+)`", COMMANDS.read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of one language."""
    return [text for name, text in FENCE.findall(page.read_text(encoding="utf-8")) if name == language]


WITH_CONSOLE = [page for page in PAGES if blocks(page, "console")]


@pytest.mark.parametrize("page", WITH_CONSOLE, ids=lambda page: page.name)
def test_every_console_example_prints_what_the_page_shows(
    page: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    for block in blocks(page, "console"):
        for command, shown in _sessions(block):
            assert _matches(shown, _printed(shell, command)), command


def _printed(shell: Shell, command: str) -> str:
    """Return what a console example prints; the only pipe that an example may use is `head`."""
    words, _, pipe = command.partition(" | ")
    program, *rest = shlex.split(words)
    said = shell(*rest)
    assert program == "crm-sync"
    assert said.code in (0, 1), said.err
    if not pipe:
        return said.out
    count = re.fullmatch(r"head -n (\d+)", pipe)
    assert count, f"no example may use {pipe}"
    return "".join(said.out.splitlines(keepends=True)[: int(count[1])])


def _sessions(block: str) -> list[tuple[str, str]]:
    """Return the commands of a console block with what is shown below each."""
    parts = re.split(r"^\$ ", block, flags=re.M)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def _matches(shown: str, printed: str) -> bool:
    """Tell whether the output is as shown; a line with only an ellipsis stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == ANYTHING else re.escape(line) + r"\n"
        for line in shown.rstrip("\n").splitlines()
    )
    return re.fullmatch(pattern + r"\n*", printed) is not None


def test_the_quick_start_imports_the_examples_and_shows_calls(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    install, _, rest = blocks(ROOT / "README.md", "bash")[0].strip().partition(" -q . && ")
    assert install == "python3 -m venv .venv && .venv/bin/pip install"
    installed = rest.replace(".venv/bin/crm-sync", f"{sys.executable} -m crm_sync.cli.main")
    run = subprocess.run(
        installed.replace(".rehearsal", str(tmp_path / "rehearsal")),
        shell=True,
        cwd=ROOT,
        env={**os.environ, "CRM_SYNC_TIME_ZONE": "Europe/Berlin"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    assert "12 applications: 12 new" in run.stdout
    assert "Mon 1 Feb 2027, today: 4 calls" in run.stdout


def test_the_second_command_is_what_the_continuous_integration_runs() -> None:
    second = blocks(ROOT / "README.md", "bash")[1].strip()
    assert len(blocks(ROOT / "README.md", "bash")) == 2
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert blocks(ROOT / "CONTRIBUTING.md", "bash") == [second + "\n"]


def test_every_json_example_validates() -> None:
    schema = json.loads((ROOT / "crm_sync" / "data" / "application.schema.json").read_text(encoding="utf-8"))
    examples = [
        json.loads(line)
        for text in blocks(ROOT / "docs" / "read-format.md", "json")
        for line in text.splitlines()
    ]
    assert examples
    for example in examples:
        jsonschema_rs.validate(schema, example)
        assert list(example) == list(schema["properties"])


def test_the_examples_are_what_their_script_writes(tmp_path: Path) -> None:
    script = (ROOT / "examples" / "make_examples.py").read_text(encoding="utf-8")
    (tmp_path / "make_examples.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, str(tmp_path / "make_examples.py")], check=True)
    for name in ("my-applications.csv", "my-applications.xlsx", "untidy.csv"):
        assert (tmp_path / name).read_bytes() == (ROOT / "examples" / name).read_bytes(), name
