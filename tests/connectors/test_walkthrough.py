"""A newcomer follows connectors/README.md step by step and gets what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "connectors" / "README.md"
FENCE = re.compile(r"^([^\n]*)\n\n```(\w+)\n(.*?)^```$", re.M | re.S)
ANYTHING = "…"


def steps() -> Iterator[tuple[str, str, str]]:
    """Yield the fenced blocks: the line before, the language, and the text."""
    for found in FENCE.finditer(PAGE.read_text(encoding="utf-8")):
        yield found[1], found[2], found[3]


def test_every_step_of_the_walk_through_does_what_it_shows(tmp_path: Path) -> None:
    environment = surroundings(tmp_path)
    done = []
    for before, language, text in steps():
        if language == "console":
            follow(text, tmp_path, environment)
        else:
            (named,) = re.findall(r"`([\w./-]+)`:$", before)
            (tmp_path / named).write_text(text, encoding="utf-8")
        done.append(language)
    assert done == ["csv", "console", "yaml", "console", "console", "console", "python", "console"]


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a newcomer whose shell finds crm-sync and python."""
    (folder / "bin").mkdir()
    for name, words in (("crm-sync", "-m crm_sync.cli.main"), ("python", "")):
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("CRM_SYNC")},
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "CRM_SYNC_HOME": str(folder / "home"),
        "CRM_SYNC_NOW": "2027-02-01T09:00+01:00",
        "CRM_SYNC_TIME_ZONE": "Europe/Berlin",
        "COLUMNS": "200",
    }


def follow(block: str, folder: Path, environment: dict[str, str]) -> None:
    """Type the commands of a block and compare what they print; an export holds for those that follow."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        if told := re.fullmatch(r"export (\w+)=(.*)", command):
            environment[told[1]] = told[2]
            continue
        run = subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        printed = run.stdout + (run.stderr if run.returncode > 1 else "")
        assert matches(shown, printed), f"{command}\n{printed}{run.stderr}"


def matches(shown: str, printed: str) -> bool:
    """Tell whether the output is as shown; an ellipsis stands for anything, alone for any lines.

    How far columns stand apart depends on the other connectors that are installed.
    """
    pattern = "".join(
        r"(?:.*\n)*?" if line == ANYTHING else ".*".join(map(re.escape, line.split(ANYTHING))) + r" *\n"
        for line in shown.rstrip("\n").splitlines()
    )
    pattern = re.sub(r"(?:\\ ){2,}", "  +", pattern)
    return re.fullmatch(pattern + r"\s*", printed) is not None
