"""A replay shows as much of a log or a journal as was there at its moment."""

from pathlib import Path

import pytest

from adapters.agents.journal import Entry, to_line
from cockpit.agent_events import LastEvents
from cockpit.log_window import read_end, read_on
from cockpit.output import tail
from cockpit.written_by import length_at
from factory.model.agent_event import Text


def at(second: int) -> str:
    return f"2026-01-01T00:00:{second:02d}.000Z"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "out.log").write_text("one\ntwo\nthree\n")
    (tmp_path / "growth").write_text(f"{at(10)} 4\n{at(20)} 8\n{at(30)} 14\n")
    return tmp_path / "out.log"


@pytest.mark.parametrize(
    ("second", "shown"), [(9, ""), (10, "one\n"), (19, "one\n"), (20, "one\ntwo\n"), (59, "one\ntwo\nthree\n")]
)
def test_a_log_ends_where_it_did_then(log: Path, second: int, shown: str) -> None:
    length = length_at(log, at(second))
    assert tail(str(log.parent), until=length) == shown
    assert tail(str(log.parent), 3, until=length) == shown[-3:]


def test_a_log_without_marks_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "out.log").write_text("one\n")
    assert length_at(tmp_path / "out.log", at(1)) is None
    (tmp_path / "out.log").write_text("")
    assert length_at(tmp_path / "out.log", at(1)) == 0, "it said nothing, at no time"
    assert length_at(tmp_path / "events.jsonl", at(1)) is None


def test_a_log_whose_marks_cannot_be_read_is_unknown_and_not_empty(log: Path) -> None:
    log.with_name("growth").write_bytes(bytes(range(256)) * 9)
    assert length_at(log, at(25)) is None


def test_marks_of_a_stranger_do_no_harm(log: Path) -> None:
    log.with_name("growth").write_bytes(b"\xff\xfe 9\nthen -4\n" + f"{at(10)} 4\n{at(20)} 99999\n{at(30)} ".encode())
    assert length_at(log, at(15)) == 4
    assert tail(str(log.parent), until=length_at(log, at(25))) == "one\ntwo\nthree\n"


def test_a_window_goes_to_and_fro_with_the_moment(log: Path) -> None:
    window = read_end(log)
    assert window is not None
    for second, lines in ((10, ("one",)), (30, ("one", "two", "three")), (20, ("one", "two")), (9, ())):
        window = read_on(window, length_at(log, at(second)))
        assert window is not None
        assert window.lines == lines
        assert read_on(window, length_at(log, at(second))) is window
    whole = read_on(window)
    assert whole is not None
    assert whole.lines == ("one", "two", "three")


def test_a_journal_ends_with_what_was_heard_by_then(tmp_path: Path) -> None:
    journal, last = tmp_path / "events.jsonl", LastEvents()
    said = [Text(word) for word in ("one", "two", "three")]
    journal.write_bytes(b"".join(to_line(Entry(n, at(10 * n), 0, event)) for n, event in enumerate(said, 1)))
    for second, count in ((9, 0), (10, 1), (35, 3), (25, 2), (12, 1), (59, 3)):
        assert last.look(journal, length_at(journal, at(second))) == tuple(said[:count])
