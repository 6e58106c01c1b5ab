"""How far a source may be reached for: limits, what is allowed, and the machine's own doors."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crm_sync.sources.addresses import Resolve, is_public, system_addresses


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one attempt at a link may take, in seconds, and how many attempts there are.

    ``connect`` and ``silence`` bound each wait for the other side, ``total`` one attempt with its redirects.
    """

    connect: float = 10.0
    silence: float = 30.0
    total: float = 300.0
    attempts: int = 3


def standard_input() -> BinaryIO | None:
    """Return the bytes of standard input, None where the process has none."""
    return getattr(sys.stdin, "buffer", None)


@dataclass(frozen=True, slots=True)
class Access:
    """What every source is reached with.

    ``folder`` keeps downloads, ``most_bytes`` bounds what is taken from a link or standard input.
    ``private`` allows addresses of the user's own network, and http:// to this machine.
    ``google_key`` is the file of a service account; ``trust`` a file of certificates, None for the usual
    ones. ``resolve`` answers names, ``public`` tells addresses of the internet, ``sleep`` waits between
    attempts.
    """

    folder: Path
    most_bytes: int
    private: bool = False
    google_key: Path | None = None
    trust: str | None = None
    patience: Patience = Patience()
    resolve: Resolve = system_addresses
    public: Callable[[str], bool] = is_public
    sleep: Callable[[float], None] = time.sleep
    stdin: Callable[[], BinaryIO | None] = standard_input

    def allows(self, address: str) -> bool:
        """Tell whether a link may lead to an address."""
        return self.private or self.public(address)
