"""A journal is read from where it was read before: each event once, whatever the pieces it is written in."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.agents import journal
from adapters.agents.journal import Entry, to_line
from cockpit import agent_events
from cockpit.agent_events import END, KEPT, WHOLE, LastEvents
from cockpit.log_window import LogWindow, Reach, read_back, read_end, read_on
from cockpit.screens.pages.log_rows import EventRows
from factory.model.agent_event import AgentEvent, Text, ToolCall, ToolResult

SLOW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def lines_of(events: list[AgentEvent]) -> bytes:
    return b"".join(to_line(Entry(n, "2026-01-01T00:00:00.000Z", 0, event)) for n, event in enumerate(events, 1))


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every line that was taken apart."""
    seen: list[bytes] = []

    def noted(line: bytes) -> Any:
        seen.append(line)
        return journal.from_line(line)

    monkeypatch.setattr(agent_events, "from_line", noted)
    return seen


def test_each_look_takes_apart_what_is_new_and_nothing_else(tmp_path: Path, parsed: list[bytes]) -> None:
    path, last = tmp_path / "events.jsonl", LastEvents()
    path.write_bytes(lines_of([Text("one"), Text("two")]))
    assert [event.text for event in last.look(path) if isinstance(event, Text)] == ["one", "two"]
    first = last.look(path)
    assert last.look(path) is first, "nothing came: the same object"
    assert len(parsed) == 2
    append(path, lines_of([Text("three")]))
    assert last.look(path)[-1] == Text("three")
    assert len(parsed) == 3


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    path, last = tmp_path / "events.jsonl", LastEvents()
    path.write_bytes(lines_of([Text("one"), Text("two")]))
    last.look(path)
    with path.open("r+b") as file:  # the same file, the same size: only who reads it again can see this
        file.write(b"#" * (path.stat().st_size - 1))
    append(path, lines_of([Text("three")]))
    assert last.look(path) == (Text("one"), Text("two"), Text("three"))


def test_an_event_that_is_still_being_written_is_left_for_later(tmp_path: Path) -> None:
    path, last = tmp_path / "events.jsonl", LastEvents()
    line = lines_of([ToolResult("1", True, "z" * 300_000)])
    path.write_bytes(lines_of([Text("one")]) + line[:200_000])
    assert last.look(path) == (Text("one"),)
    append(path, line[200_000:])
    assert len(last.look(path)) == 2


def test_the_pane_holds_the_end_of_a_journal_however_long_it_grows(tmp_path: Path) -> None:
    path, last = tmp_path / "events.jsonl", LastEvents()
    path.touch()
    for round_ in range(30):
        append(path, lines_of([Text(f"{round_} {'y' * 1000}") for _ in range(50)]))
        events = last.look(path)
        assert len(events) <= KEPT
        window: LogWindow | None = last._window
        assert window is not None
        assert window.size - window.start <= END.most
    assert events[-1] == Text(f"29 {'y' * 1000}")


def test_a_last_event_of_a_megabyte_is_found_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    huge = ToolCall("1", "edit", "big.txt", {"content": "x" * 1_500_000})
    path.write_bytes(lines_of([Text("one"), huge]))
    assert LastEvents().look(path)[-1] == huge


def test_another_attempt_or_a_journal_that_is_gone_starts_over(tmp_path: Path) -> None:
    last = LastEvents()
    (tmp_path / "a").write_bytes(lines_of([Text("one")]))
    (tmp_path / "b").write_bytes(lines_of([Text("two")]))
    assert last.look(tmp_path / "a") == (Text("one"),)
    assert last.look(tmp_path / "b") == (Text("two"),)
    assert last.look(tmp_path / "gone") == ()


EVENTS = st.one_of(
    st.builds(Text, st.text(max_size=40), st.booleans()),
    st.builds(ToolResult, st.just("1"), st.booleans(), st.text(max_size=200)),
)


@SLOW
@given(st.lists(EVENTS, max_size=20), st.lists(EVENTS, max_size=6), st.integers(60, 400), st.booleans())
def test_the_rows_of_a_page_are_the_same_in_whatever_pieces_it_was_read(
    tmp_path: Path, first: list[AgentEvent], later: list[AgentEvent], size: int, is_whole: bool
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines_of(first))
    window = read_end(path, Reach(size, is_whole=True))
    assert window is not None
    made = EventRows(is_whole)
    made.take(window, 40)
    for event in later:
        append(path, lines_of([event]))
        window = read_on(window)
        assert window is not None
        made.take(window, 40)
        window = read_back(window, size)
        made.take(window, 40)
    while (earlier := read_back(window, size)) is not window:
        window = earlier
        made.take(window, 40)
    whole = read_end(path, WHOLE)
    assert whole is not None
    fresh = EventRows(is_whole)
    fresh.take(whole, 40)
    assert list(made.rows()) == list(fresh.rows())
    assert len([line for line in window.lines if line]) == len(first) + len(later)
