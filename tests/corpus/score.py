"""Score the reading of every labelled tracker against its gold file.

    python -m tests.corpus.score [--verbose] [--report FILE] [--folder DIR] [--only odd|even] [--match TEXT]

A row is right when company, job title, applied date and stage are right (case and blanks apart), or when
the gold file's ``either`` allows the answer; the score is right rows divided by labelled and spurious ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from crm_sync.app.plugins import choose
from crm_sync.domain.applications import Application
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import CrmSyncError

TRACKERS = Path(__file__).parent / "trackers"
MEASURED = ("company", "job_title", "applied_on", "stage")
TODAY = date(2026, 11, 23)


@dataclass
class Score:
    """How one file was read: rows right, labelled and spurious, and what went wrong."""

    name: str
    right: int = 0
    labelled: int = 0
    spurious: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        whole = self.labelled + self.spurious
        return self.right / whole if whole else 1.0


def trackers(folder: Path = TRACKERS) -> list[Path]:
    """Return the labelled files in sorted order; companion files and gold files are left out."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".md" or path.name.endswith(".gold.json"):
            continue
        if gold_path(path).exists():
            found.append(path)
    return found


def gold_path(path: Path) -> Path:
    return path.with_name(path.name.rpartition(".")[0] + ".gold.json")


def score_file(path: Path) -> Score:
    """Return the score of one file; a refusal counts where the gold file allows it."""
    gold = json.loads(gold_path(path).read_text("utf-8"))
    score = Score(path.name)
    verdicts = {gold["verdict"], *gold.get("verdict_also", [])}
    try:
        snapshot = choose(str(path)).connect(str(path), ReadingOptions(today=TODAY)).fetch()
        found = list(snapshot.applications)
    except CrmSyncError as error:
        if "refuse" in verdicts:
            return Score(path.name, 1, 1)
        score.labelled = len(gold["applications"]) or 1
        score.wrong.append(f"refused: {error.message}")
        return score
    if gold["verdict"] == "refuse" and "import" not in verdicts:
        score.labelled = 1
        score.spurious = len(found)
        score.wrong.append("should have been refused")
        return score
    _compare(score, gold, found)
    if not score.labelled and not score.spurious:
        score.right = score.labelled = 1
    return score


def _compare(score: Score, gold: dict[str, Any], found: list[Application]) -> None:
    answers = {(one.sheet, one.row): one for one in found}
    loose = {one.row: one for one in found} if len({one.sheet for one in found}) <= 1 else {}
    allowed = _either(gold)
    used: set[int] = set()
    for label in gold["applications"]:
        one = answers.get((label["sheet"], label["row"])) or (
            loose.get(label["row"]) if label["sheet"] is None or len(found) == 0 else None
        )
        score.labelled += 1
        if one is None:
            if allowed.get((label["sheet"], label["row"], "row")):
                score.right += 1
            else:
                score.wrong.append(
                    f"row {label['row']}: missing {label['company']!r} / {label['job_title']!r}"
                )
            continue
        used.add(id(one))
        faults = list(_faults(label, one, allowed))
        if faults:
            score.wrong.append(f"row {label['row']}: " + "; ".join(faults))
        else:
            score.right += 1
    kept = {(row.get("sheet"), row["row"]) for row in gold["rejected_rows"]}
    for one in found:
        if id(one) in used:
            continue
        if allowed.get((one.sheet, one.row, "row")) and (one.sheet, one.row) in kept:
            continue
        score.spurious += 1
        score.wrong.append(f"row {one.row}: spurious {one.company!r} / {one.job_title!r}")


def _either(gold: dict[str, Any]) -> dict[tuple[str | None, int, str], list[Any]]:
    found: dict[tuple[str | None, int, str], list[Any]] = {}
    for one in gold.get("either") or []:
        found.setdefault((one.get("sheet"), one["row"], one["field"]), []).extend(one["also"])
    return found


def _faults(label: dict[str, Any], one: Application, allowed: dict[Any, list[Any]]) -> Iterator[str]:
    for name in MEASURED:
        said = getattr(one, name)
        answer = said.isoformat() if isinstance(said, date) else said
        right = [label[name], *allowed.get((label["sheet"], label["row"], name), [])]
        if _plain(answer) not in {_plain(one) for one in right}:
            yield f"{name} {answer!r} for {label[name]!r}"


def _plain(value: Any) -> str | None:
    return None if value is None else "".join(str(value).split()).casefold()


def report(scores: Iterable[Score], *, verbose: bool) -> Iterator[str]:
    """Yield the lines of a report."""
    total = Score("total")
    for score in scores:
        total.right += score.right
        total.labelled += score.labelled
        total.spurious += score.spurious
        yield f"{score.share:6.3f} {score.right:6d} {score.labelled:6d} {score.spurious:6d}  {score.name}"
        if verbose:
            yield from (f"         {line}" for line in score.wrong)
    yield f"{total.share:6.3f} {total.right:6d} {total.labelled:6d} {total.spurious:6d}  total"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Score the reading of the labelled trackers.")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--folder", type=Path, default=TRACKERS, help="labelled files of one's own")
    parser.add_argument("--only", choices=["odd", "even"])
    parser.add_argument("--match", default="")
    options = parser.parse_args(words)
    files = trackers(options.folder)
    if options.only:
        files = files[1 if options.only == "odd" else 0 :: 2]
    scores = [score_file(path) for path in files if options.match in path.name]
    lines = [" share  right  rows  spurious  file", *report(scores, verbose=options.verbose)]
    text = "\n".join(lines)
    print(text)  # noqa: T201
    if options.report:
        options.report.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
