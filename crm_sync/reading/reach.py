"""How far patterns look into a text: one bound for all, so that a cell of any length is read in its time.

A name, an address, a day or a status word never needs more. Texts themselves are kept whole: what lies
beyond the bound is not looked at, and stays where it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

REACH = 10_000


def within_reach(text: str) -> str:
    """Return the beginning of a text, as far as patterns look into it; mostly the text itself."""
    return text if len(text) <= REACH else text[:REACH]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression of somebody else's making, which looks no further than all others.

    The end of what it looks through is an end to it (``$``), too.
    """

    told: re.Pattern[str]

    @property
    def groups(self) -> int:
        """Return how many groups it has."""
        return self.told.groups

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place within reach that it fits, None where there is none."""
        return self.told.search(text, 0, REACH)

    def taken_out_of(self, text: str) -> str:
        """Return a text without the places within reach that it fits."""
        if len(text) <= REACH:
            return self.told.sub("", text)
        return self.told.sub("", text[:REACH]) + text[REACH:]
