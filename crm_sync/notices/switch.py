"""A dead-man's switch: a service that is told of every start and end, and raises the alarm when it is not."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit, urlunsplit

import requests

START, SUCCESS, FAIL = "/start", "", "/fail"
_TIMEOUT = (3.0, 5.0)


class Switch:
    """Tells one address of a run, as healthchecks and its like understand it; never raises, never lingers.

    ``fault`` is what went wrong last, without the address; "" where nothing did.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._starting: threading.Thread | None = None
        self.fault = ""

    def start(self) -> None:
        """Tell of the start, while the run goes on."""
        self._starting = threading.Thread(target=self._tell, args=(START,), daemon=True)
        self._starting.start()

    def end(self, *, well: bool) -> None:
        """Tell how it ended, after the start was told."""
        if self._starting is not None:
            self._starting.join(sum(_TIMEOUT))
        self._tell(SUCCESS if well else FAIL)

    def _tell(self, word: str) -> None:
        try:
            parts = urlsplit(self._url)
            url = urlunsplit(parts._replace(path=parts.path.rstrip("/") + word))
            answer = requests.get(url, timeout=_TIMEOUT, allow_redirects=False)
        except (requests.RequestException, ValueError) as error:
            self.fault = f"no answer ({type(error).__name__})"
            return
        self.fault = f"it answered {answer.status_code}" if answer.status_code >= 300 else ""
