"""The real account that live tests talk to, where one is given."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from urllib.parse import urlsplit

import pytest

from crm_sync.crms.hubspot import Api, Wire
from crm_sync.crms.patient import Patience
from crm_sync.crms.throttle import Throttle, limits_for
from tests.crms.hubspot_places import NoPace

TOKEN = os.environ.get("HUBSPOT_TEST_TOKEN", "")
ADDRESS = os.environ.get("HUBSPOT_TEST_BASE_URL")
IS_SIMULATED = urlsplit(ADDRESS or "").hostname in {"localhost", "127.0.0.1", "::1"}
"""A simulated account on this machine, of which nothing can be lost."""


def api_of(version: str | None = None) -> Api:
    """Return the requests of the account; skip without a token, refuse any account but one for tests."""
    if not TOKEN:
        pytest.skip("HUBSPOT_TEST_TOKEN is not set")
    api = Api(Wire(TOKEN, ADDRESS, version, Patience(), NoPace() if IS_SIMULATED else _pace()))
    if not IS_SIMULATED and api.account().get("accountType") not in {"DEVELOPER_TEST", "SANDBOX"}:
        pytest.fail("this is no test account; everything in it would have been deleted")
    return api


@cache
def _pace() -> Throttle:
    """Keep within the limits of the smallest account, so that no 429 is of our own making."""
    return Throttle(f"sqlite:///{tempfile.mkdtemp()}/pace.db", "live", limits_for("free"))
