"""Light values behave as the frozen dataclasses that they are."""

from __future__ import annotations

import dataclasses
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from crm_sync.domain.values import light, replace, trusted


@light
@dataclass(frozen=True, slots=True)
class Light:
    """A value with every kind of field."""

    name: str
    number: int = 4
    words: list[str] = field(default_factory=list)


@trusted
@dataclass(frozen=True, slots=True)
class Trusted:
    """The same, of those that only the type checker watches."""

    name: str
    number: int = 4
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that nobody made light."""

    name: str


both = pytest.mark.parametrize("kind", [Light, Trusted])


@both
def test_fields_take_their_place_their_name_or_their_default(kind: type[Light] | type[Trusted]) -> None:
    assert kind("a") == kind("a", 4, []) == kind(name="a", words=[], number=4)
    assert repr(kind("a", 5, ["b"])) == f"{kind.__name__}(name='a', number=5, words=['b'])"


@both
def test_each_value_has_a_default_of_its_own(kind: type[Light] | type[Trusted]) -> None:
    assert kind("a").words is not kind("a").words


@both
@pytest.mark.parametrize(("places", "names"), [((), {}), (("a", 1, [], 2), {}), (("a",), {"colour": "red"})])
def test_missing_and_unknown_fields_are_refused(
    kind: type[Light] | type[Trusted], places: tuple[object, ...], names: dict[str, object]
) -> None:
    with pytest.raises(TypeError):
        kind(*places, **names)  # type: ignore[arg-type]


def test_nobody_changes_a_value_that_is_made() -> None:
    with pytest.raises(FrozenInstanceError):
        Light("a").name = "b"  # type: ignore[misc]


@both
def test_no_value_takes_a_field_that_it_does_not_have(kind: type[Light] | type[Trusted]) -> None:
    with pytest.raises((AttributeError, TypeError)):
        kind("a").colour = "red"  # type: ignore[union-attr]


@both
def test_another_value_is_made_with_some_fields_changed(kind: type[Light] | type[Trusted]) -> None:
    old = kind("a", 5, ["b"])
    new = replace(old, name="c", number=4)
    assert (new, old) == (kind("c", 4, ["b"]), kind("a", 5, ["b"]))
    assert new == dataclasses.replace(old, name="c", number=4)
    assert replace(old) == old


@both
def test_a_field_that_a_value_does_not_have_cannot_be_changed(kind: type[Light] | type[Trusted]) -> None:
    with pytest.raises(TypeError):
        replace(kind("a"), colour="red")


def test_values_that_are_not_light_are_changed_all_the_same() -> None:
    assert replace(Plain("a"), name="b") == Plain("b")
