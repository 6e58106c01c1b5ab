"""What a user told about a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the user told about a source: locale for undecidable dates, today, chosen sheet or columns.

    ``day_first`` None leaves the order of day and month to the evidence, then to ``locale`` (a BCP 47
    tag such as "de-DE"), then to month first, flagged. ``employer`` is whose candidates a recruiter's
    export holds, where the file does not say it. ``insist`` makes a column that no table has an error
    (UsageError) in place of a note: somebody has just typed it.
    """

    today: date
    locale: str | None = None
    day_first: bool | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    employer: str | None = None
    insist: bool = False
