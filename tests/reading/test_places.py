"""The time zone of a place: told where it is certain, left open where it is not."""

from __future__ import annotations

import pytest

from crm_sync.reading.places import zone_of


@pytest.mark.parametrize(
    ("location", "zone"),
    [
        ("Lyon, France", "Europe/Paris"),
        ("Berlin, Germany", "Europe/Berlin"),
        ("Wien, Österreich", "Europe/Vienna"),
        ("London, UK (Hybrid)", "Europe/London"),
        ("Paris, FR", "Europe/Paris"),
        ("Tokyo, Japan", "Asia/Tokyo"),
        ("India", "Asia/Kolkata"),
        ("Albany, NY", "America/New_York"),
        ("Albany, NY 12207", "America/New_York"),
        ("Chicago, IL, USA", "America/Chicago"),
        ("San Francisco, CA", "America/Los_Angeles"),
    ],
)
def test_a_place_in_a_country_or_state_with_one_zone_has_it(location: str, zone: str) -> None:
    assert zone_of(location) == zone


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "Remote",
        "Munich, DE",
        "Tel Aviv, IL",
        "Toronto, ON, CA",
        "Houston, TX",
        "United States",
        "Georgia",
    ],
)
def test_a_place_that_leaves_it_open_has_none(location: str | None) -> None:
    assert zone_of(location) is None
