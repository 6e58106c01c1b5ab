"""Every option and every error message stands in a test; what raises it is there to be read, too."""

from __future__ import annotations

from tests.cli.test_docs import options_that_exist
from tests.every_word import asserted, messages, raised_without_message, typed


def test_every_option_of_every_command_is_used_in_a_test() -> None:
    lines = typed()
    unused = [
        f"{command} {option}".strip()
        for command, options in options_that_exist().items()
        for option in sorted(options)
        if not any(_is_used(option, command.split(), words) for words in lines)
    ]
    assert unused == []


def _is_used(option: str, command: list[str], words: list[str]) -> bool:
    return any(word.partition("=")[0] == option for word in words) and all(word in words for word in command)


def test_the_messages_are_found_wherever_they_are_made() -> None:
    found = {(message.at.partition(":")[0].rpartition("/")[2], message.piece) for message in messages()}
    assert len(found) > 200
    assert {
        ("undo_run.py", "an undo needs your word"),  # raised
        ("failures.py", "is locked by another program"),  # of a pair of what happened and what to do
        ("validation.py", "is no whole number"),  # a template
        ("including.py", "there is no"),  # named first, told by a helper
        ("addresses.py", "it was not taken"),  # of an error of the room's own
        ("forget_run.py", "Note: an older copy still holds it:"),  # on stderr
    } <= found


def test_every_message_is_asserted_somewhere_as_often_as_it_is_said() -> None:
    said, held = messages(), asserted()
    unheard = {}
    for piece in {message.piece for message in said}:
        places = [message.at for message in said if piece in message.piece]
        if held.count(piece) < len(places):
            unheard[piece] = places
    assert unheard == {}


def test_whatever_is_raised_is_known_to_take_a_message_or_none() -> None:
    assert raised_without_message() == set()
