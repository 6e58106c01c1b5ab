"""The facts of an application in a deal's description: HubSpot has no fields of its own for them.

A free account has about ten custom properties in all, so nothing but our key takes one. A line each, that
people can read; lines of theirs stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from crm_sync.domain.items import Value

LABELS: Mapping[str, str] = {
    "job_title": "Job title",
    "job_url": "Link",
    "location": "Location",
    "applied_on": "Applied on",
    "salary": "Salary",
    "source": "Source",
    "stage": "Stage",
}
"""The facts in the order in which they are written, under the labels that people see."""

_NAMES = {label.casefold(): name for name, label in LABELS.items()}


def facts_in(description: str | None) -> dict[str, str]:
    """Return the facts that stand in a description, each its first line only."""
    found: dict[str, str] = {}
    for line in (description or "").splitlines():
        name, value = _fact(line)
        if name and value:
            found.setdefault(name, value)
    return found


def lines_of_people(description: str | None) -> list[str]:
    """Return the lines of a description that are none of ours."""
    return [line.strip() for line in (description or "").splitlines() if line.strip() and not _fact(line)[0]]


def with_facts(description: str | None, facts: Mapping[str, Value]) -> str:
    """Return the description with these facts written into it; None and "" take a fact's line out.

    Lines that are none of ours, and facts that are not named, stay as they are.
    """
    left = {name: " ".join(str(value).split()) if value else "" for name, value in facts.items()}
    lines: list[str] = []
    for line in (description or "").splitlines():
        name, _ = _fact(line)
        if name is None or name not in facts:
            lines.append(line)
        elif value := left.pop(name, ""):
            lines.append(f"{LABELS[name]}: {value}")
    new = [f"{label}: {left[name]}" for name, label in LABELS.items() if left.get(name)]
    return "\n".join([*_ours_first(lines, new)])


def _ours_first(lines: list[str], new: list[str]) -> list[str]:
    """Put new facts behind the last one that stands there, else before everything."""
    places = [number for number, line in enumerate(lines) if _fact(line)[0]]
    place = places[-1] + 1 if places else 0
    return [*lines[:place], *new, *lines[place:]]


def _fact(line: str) -> tuple[str | None, str]:
    label, colon, value = line.partition(":")
    name = _NAMES.get(label.strip().casefold()) if colon else None
    return name, value.strip()
