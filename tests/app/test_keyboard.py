"""Rubbish from the keyboard: nothing that a terminal sends ends the cockpit, and what is pasted is no key."""

import os
from collections.abc import Iterable
from threading import Event

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.events import Key, Paste
from textual.message import Message

from cockpit.keyboard import Keyboard

IMPOSSIBLE = (
    b"\x1b[1114112u", b"\x1b[97;1;1114112u", b"\x1b[97;1;972001114112u", b"\x1b[0;1114112u9",
    b"\x1b[0:57344u", b"\x1b[99999999999999999999u", b"\x1b[57344;9999999999999u", b"\x1b[<9999999999;1;1M",
)  # fmt: skip
"""Key sequences of keys that no keyboard has."""
PASTE, PASTED = b"\x1b[200~", b"\x1b[201~"
PIECES = (
    *IMPOSSIBLE, PASTE, PASTED, b"\x1b", b"\x1b[", b"\x1b[M", b"\x1b[<", b"\x1bO", b"\x1b]52;", b"\x1bP", b";", b":",
    b"u", b"~", b"\x00", b"\x07", b"\xff", b"\xe1", b"\xc3", b"9", b"a", b"y", b"\r", b"\xf0\x9f\x98\x80",
    b"\x1b[48;24;80;1;1t",
)  # fmt: skip
LONGER_THAN_ANY_SEQUENCE = 64


def events_of(parts: Iterable[bytes]) -> list[Message]:
    """What becomes of bytes that come in these parts."""
    found: list[Message] = []
    keyboard = Keyboard(found.append)
    for part in parts:
        keyboard.feed(part)
        keyboard.tick()
    return found


def keys(events: Iterable[Message]) -> str:
    """The letters among them."""
    return "".join(event.character or "" for event in events if isinstance(event, Key))


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=30))
@example([b"\x1b[97;1;1114112", b"u"])
def test_after_any_rubbish_the_next_keys_are_keys(rubbish: list[bytes]) -> None:
    good = [PASTED, b"j" * LONGER_THAN_ANY_SEQUENCE]
    assert keys(events_of([*rubbish, *good])).endswith("jjjj")


@pytest.mark.parametrize("sequence", IMPOSSIBLE)
def test_a_key_that_cannot_be_is_dropped_alone(sequence: bytes) -> None:
    assert keys(events_of([b"h" + sequence + b"\x1b[Bj"])).startswith("h")
    assert keys(events_of([b"h" + sequence + b"\x1b[Bj"])).endswith("j")


@pytest.mark.parametrize("before", [b"", *IMPOSSIBLE, b"\xff", b"\xc3"])
@pytest.mark.parametrize("text", [b"Xy\xff\xe1", b"a\x1b[1114112uXy", b"\x80" * 5_000 + b"Xy"])
def test_what_is_pasted_stays_pasted(before: bytes, text: bytes) -> None:
    found = events_of([before + PASTE + text[:3], text[3:] + PASTED])
    assert [type(event) for event in found if isinstance(event, Paste)] == [Paste]
    assert not {"X", "y"} & set(keys(found))


def test_what_a_field_would_pass_on_to_the_terminal_is_pasted_in_words() -> None:
    text = "a\x1b]0;title\x07b\x9b31mc\u202ed\te\r\nf\rg\nh\x00".encode()
    (pasted,) = [event.text for event in events_of([PASTE + text + PASTED]) if isinstance(event, Paste)]
    assert pasted == "a␛]0;title␇b⟨U+009B⟩31mc⟨U+202E⟩d\te\nf\ng\nh"


def test_a_character_may_come_in_two_parts() -> None:
    assert keys(events_of([b"\xc3", b"\xa9"])) == "é"


def test_reading_ends_when_the_terminal_is_gone() -> None:
    ours, theirs = os.pipe()
    found: list[Message] = []
    os.write(theirs, b"j")
    os.close(theirs)
    assert Keyboard(found.append).read(ours, Event()) is False
    os.close(ours)
    assert keys(found) == "j"


def test_reading_ends_when_the_cockpit_leaves() -> None:
    leaving = Event()
    leaving.set()
    ours, theirs = os.pipe()
    assert Keyboard(lambda event: None).read(ours, leaving) is True
    for end in (ours, theirs):
        os.close(end)
