"""Whatever stands in a configuration, it is understood or refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_sync.config.configuration import load_configuration
from crm_sync.config.documents import read_document
from crm_sync.config.surroundings import Surroundings
from crm_sync.errors import ConfigError

ROOT = Path(__file__).parents[2]
DATA = read_document(ROOT / "examples" / "every-key.yaml").data | {"include": []}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2027-02-08"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=4,
)


def paths_in(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every part of the data."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from paths_in(value, (*above, key))


def replaced(data: Any, way: tuple[Any, ...], junk: Any) -> Any:
    """Return the data with something else in one place."""
    if not way:
        return junk
    inner = replaced(data[way[0]], way[1:], junk)
    if isinstance(data, dict):
        return data | {way[0]: inner}
    return [*data[: way[0]], inner, *data[way[0] + 1 :]]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(way=st.sampled_from(sorted(paths_in(DATA), key=str)), junk=JUNK)
def test_any_value_in_any_place_is_understood_or_refused_in_words(
    way: tuple[Any, ...], junk: Any, tmp_path: Path
) -> None:
    path = tmp_path / "crm-sync.yaml"
    path.write_text(yaml.safe_dump(replaced(DATA, way, junk), allow_unicode=True), encoding="utf-8")
    try:
        around = Surroundings({}, load_configuration(path))
        for user in around.users:
            around.crm_name(None, around.settings(user))
    except ConfigError as error:
        for one in error.problems or (error,):
            assert one.hint
            assert str(path) in one.message or "state.database" in one.message


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet="ab:-[]{}&*<>!|'\"#,? \n\t\\%@`é\x00\U0001f600", max_size=60))
def test_any_text_is_understood_or_refused_in_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "crm-sync.yaml"
    path.write_text(text, encoding="utf-8")
    with suppress(ConfigError):
        assert load_configuration(path).digest
