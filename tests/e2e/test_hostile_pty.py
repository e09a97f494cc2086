"""Hostile text in a real terminal, judged by every byte that the cockpit writes: all of it is shown, none is obeyed."""

import re
import time
from pathlib import Path

import pytest

from tests.e2e.hostile_home import MARK, SGR, hostile_home
from tests.e2e.product import PROGRAM
from tests.tools.tuimeter import Gone, Session

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

WAIT_S = 60.0
EVIDENCE = ("e", "claimed beside proven")
PAGES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("<enter>", r"── Goal ──"),), (("t", r"Thread · "),), (("b", r"Blockers · "),), (("d", r"Diff 3-"),),
    (("o", "Output "),), (("$", "Cost "),), (("c", r"Timeline · "),), (("A", "the chain verifies"),),
    (("K", r"Knowledge · "),), (("<space>", "Peek|peek"),), ((":planted", "go to .*planted"),),
    *((EVIDENCE, ("G" + "k" * n + "<enter>", "as it was captured")) for n in range(4)),
    (("?", "Keys"),), (("X", "Please confirm"),),
)  # fmt: skip
"""Each page or card: the keys that open it, and what is on screen then."""
REFUSED = ("a", "There is no clone of")
"""A key that opens nothing, and the message it leaves."""
MAIN = r"^ COCKPIT [\s\S]*NEXT +a +Review"
_STRING = re.compile(r"\x1b[\]P_^X](.*?)(?:\x07|\x1b\\)", re.S)
_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][0-9A-Z]|\x1b[=>78]")
_COLOUR = re.compile(rf"\x1b\[[0-9;:]*{SGR.partition(';')[2]}")
_NEVER = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_LINE_ENDS = {"\r", "\n"}


def obeyed(said: bytes) -> set[str]:
    """What in these bytes a terminal would obey that the cockpit itself never says."""
    text = said.decode()  # strictly: a broken byte of a file must not come through
    strings = _STRING.findall(text)
    found = {one for one in strings if MARK in one or one.startswith(("0;", "8;", "52;"))}
    found |= set(_COLOUR.findall(text)) | set(re.findall("e\u0301{4,}", text))
    rest = _SEQUENCE.sub("", _STRING.sub("", text))
    return found | {rest[max(0, at - 9) : at + 9] for at, char in enumerate(rest) if char in _NEVER - _LINE_ENDS}


def test_no_page_lets_a_hostile_byte_through(home: Path) -> None:
    with hostile_home(home):
        said = _visit(home, (80, 24), PAGES)
    assert MARK.encode() in said, "what was planted is shown"
    assert obeyed(said) == set()


@pytest.mark.slow
def test_neither_do_all_panes_nor_the_screen_kept_from_before(home: Path) -> None:
    with hostile_home(home):
        first, again = (_visit(home, (200, 50), ()) for _ in range(2))
    assert MARK.encode() in first.partition(b"NEXT")[2], "what was planted is shown"
    assert (obeyed(first), obeyed(again)) == (set(), set())


@pytest.mark.parametrize(
    "planted",
    [
        f"\x1b[{SGR}m", f"\x1b]0;{MARK}\x07", f"\x1b]2;{MARK}\x1b\\", "\x1b]52;c;b3duZWQ=\x07",
        f"\x1bP+q{MARK}\x1b\\",
        "\x1b]8;;https://elsewhere.example\x1b\\", "\u202e", "\u2066",
        "\x9b31m", "\x07", "\x08", "\x00", "e" + "\u0301" * 9,
    ],
)  # fmt: skip
def test_each_trick_would_be_noticed(planted: str) -> None:
    assert not obeyed(b"\x1b[1;31mcalm\x1b[0m\x1b]2;1 goal\x1b\\\r\n")
    assert obeyed(f"\x1b[1;31mcalm {planted} goal\x1b[0m\r\n".encode())


def _visit(home: Path, size: tuple[int, int], pages: tuple[tuple[tuple[str, str], ...], ...]) -> bytes:
    """Open each page, leave each, leave the cockpit; every byte that it wrote."""
    argv = [str(PROGRAM), "--home", str(home)]
    session = Session(argv, size, cwd=str(home))
    session.raw = bytearray()
    try:
        _shows(session, MAIN)
        for steps in pages:
            _there_and_back(session, steps)
        session.send(REFUSED[0])
        _shows(session, REFUSED[1])
        session.send("q")
        session.pump(time.monotonic() + WAIT_S)  # until the other end is closed
        assert session.process.wait(WAIT_S) == 0
        return bytes(session.raw)
    finally:
        session.close()


def _there_and_back(session: Session, steps: tuple[tuple[str, str], ...]) -> None:
    """Open it step by step, close it step by step.

    Each waits for the screen: a key right behind Esc would be Alt and that key.
    """
    for keys, shown in steps:
        if keys.startswith(":"):  # the palette reads words once it is there
            session.send(":")
            _shows(session, "Search for commands")
        session.send(keys.removeprefix(":"))
        _shows(session, shown)
    while steps:
        session.send("<esc>")
        _shows(session, steps[-2][1] if steps[1:] else MAIN, without=steps[-1][1])
        steps = steps[:-1]


def _shows(session: Session, pattern: str, without: str = "") -> None:
    """Wait until this is on screen, and that is not."""

    def holds() -> bool:
        text = session.terminal.visible()
        return bool(re.search(pattern, text, re.M)) and not (without and re.search(without, text, re.M))

    try:
        found = holds() or session.pump(time.monotonic() + WAIT_S, holds)
    except Gone as gone:
        raise AssertionError(f"the cockpit ended while {pattern!r} was awaited: {gone}") from gone
    assert found, f"{pattern!r} without {without!r} did not come:\n{session.terminal.visible()}"
