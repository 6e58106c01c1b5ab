"""Light values behave as the frozen dataclasses that they are."""

from __future__ import annotations

import dataclasses
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from crm_sync.domain.values import light, replace


@light
@dataclass(frozen=True, slots=True)
class Light:
    """A value with every kind of field."""

    name: str
    number: int = 4
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that nobody made light."""

    name: str


def test_fields_take_their_place_their_name_or_their_default() -> None:
    assert Light("a") == Light("a", 4, []) == Light(name="a", words=[], number=4)
    assert repr(Light("a", 5, ["b"])) == "Light(name='a', number=5, words=['b'])"


def test_each_value_has_a_default_of_its_own() -> None:
    assert Light("a").words is not Light("a").words


@pytest.mark.parametrize(("places", "names"), [((), {}), (("a", 1, [], 2), {}), (("a",), {"colour": "red"})])
def test_missing_and_unknown_fields_are_refused(places: tuple[object, ...], names: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        Light(*places, **names)  # type: ignore[arg-type]


def test_nobody_changes_a_value_that_is_made() -> None:
    with pytest.raises(FrozenInstanceError):
        Light("a").name = "b"  # type: ignore[misc]


def test_another_value_is_made_with_some_fields_changed() -> None:
    old = Light("a", 5, ["b"])
    new = replace(old, name="c", number=4)
    assert (new, old) == (Light("c", 4, ["b"]), Light("a", 5, ["b"]))
    assert new == dataclasses.replace(old, name="c", number=4)
    assert replace(old) == old


def test_a_field_that_a_value_does_not_have_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        replace(Light("a"), colour="red")


def test_values_that_are_not_light_are_changed_all_the_same() -> None:
    assert replace(Plain("a"), name="b") == Plain("b")
