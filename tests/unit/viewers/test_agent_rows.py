"""What a driven agent did as rows: every recording of a real one can be read, and nothing in it is obeyed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.agents.dialects.known import DIALECTS
from factory.model.agent_event import (
    AgentEvent,
    Answered,
    Ask,
    Calling,
    Denied,
    FileChange,
    Finished,
    Note,
    Received,
    Retry,
    Started,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Usage,
)
from factory.model.step import Tokens
from tests.app.test_hostile_text import BAD, HOSTILE
from tests.contract.dialects.recording import cases, recorded
from tests.contract.dialects.rig import replay
from widgets.lines import Line, text_of, width_of
from widgets.viewers.agent_rows import THOUGHT_ROWS, WHOLE_ROWS, event_rows, last_rows, said_so_far

FOLDERS = {
    "claude-code-2.1.330": "claude", "codex-0.169.0": "codex", "pi-0.87.1": "pi", "opencode-1.18.33": "opencode-run",
    "acp-claude-agent-acp-0.101.0": "claude-agent-acp", "acp-codex-acp-2.6.0": "codex-acp",
    "acp-opencode-1.18.33": "opencode", "acp-pi-acp-0.0.34": "pi-acp",
}  # fmt: skip
RECORDINGS = [(folder, case) for folder in FOLDERS for case in cases(folder)]
RUN = ToolCall("1", "run", "pytest -q", {})


def events_of(folder: str, case: str) -> list[AgentEvent]:
    return replay(DIALECTS[FOLDERS[folder]], recorded(folder, case)).events


def shown(event: AgentEvent, width: int = 80, is_whole: bool = False) -> str:
    return text_of(event_rows(event, width, is_whole))


@pytest.mark.parametrize(("folder", "case"), RECORDINGS)
def test_every_recording_can_be_read_at_every_width(folder: str, case: str) -> None:
    events = events_of(folder, case)
    for width in (30, 76, 196):
        for is_whole in (False, True):
            rows = [row for event in events for row in event_rows(event, width, is_whole)]
            assert max(map(width_of, rows)) <= width
            assert not [char for char in text_of(rows) if char in BAD]
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.outcome.replace("_", " ") in text_of(event_rows(events[-1], 80))
    assert len(last_rows(events, 80, 6)) <= 6


def test_a_run_with_an_edit_reads_like_this() -> None:
    events = events_of("claude-code-2.1.330", "success_edit_partial")
    lines = [row for event in events for row in event_rows(event, 78)]
    assert text_of(lines[1:]).split("\n") == [
        "I will read the file first.",
        "→ read calc.py",
        "  ✓ 1       def add(a, b):  3 lines, 38 B",
        "The sign is wrong; fixing it.",
        "→ edit calc.py",
        "  ✓ The file /repo/calc.py has been updated successfully. (file state is curr…",
        "  ± changed calc.py  +1 -1",
        "$ python3 -m unittest -q test_calc",
        "  ✓ Ran 1 test in 0.000s  4 lines, 95 B",
        "Done: add() now returns a + b and the test passes.",
        "✓ stopped: completed  9.7k in, 220 out",
    ]


ROWS: dict[str, tuple[AgentEvent, str]] = {
    "start": (Started("s-1", "opus", "2.1"), "○ session s-1 opus 2.1"),
    "use": (ToolCall("1", "other", "WebFetch https://x.org"), "→ use WebFetch https://x.org"),
    "fail": (ToolResult("1", False, "boom\nmore\n", True), "  ✕ failed  boom  2 lines, 9 B and more"),
    "no words": (ToolResult("1", True), "  ✓ done"),
    "new": (FileChange("a.py", "add", "--- /dev/null\n+++ b/a.py\n@@ -0,0 +1,2 @@\n+x\n+y"), "  + new a.py  +2 -0"),
    "gone": (FileChange("a.py", "delete"), "  - deleted a.py"),
    "ask": (Ask("a", RUN, "not on the list"), "◆ asks to run pytest -q: not on the list"),
    "yes": (Answered("a", True, "rules", "read *"), "✓ allowed by rules: read *"),
    "no": (Answered("a", False, "operator", "not now"), "✕ refused by operator: not now"),
    "denied": (Denied("1", "rules", "no"), "✕ refused by rules: no"),
    "retry": (Retry(2, 10, 1.5, "overloaded"), "! try 2 of 10 in 1.5 s: overloaded"),
    "note": (Note("warned\nof it"), "· warned of it"),
    "auth": (Finished("auth", "invalid key"), "✕ auth: invalid key"),
    "budget": (Finished("rate_limit", "", tokens=Tokens(900, 50, 100)), "✕ rate limit  1k in, 50 out"),
}


@pytest.mark.parametrize("name", ROWS)
def test_each_event_is_a_sentence(name: str) -> None:
    event, words = ROWS[name]
    assert shown(event) == words


@pytest.mark.parametrize("event", [Usage(Tokens(5)), Calling(Tokens(5)), Received("i"), Text("piece", final=False)])
def test_what_is_nothing_to_read_is_no_row(event: AgentEvent) -> None:
    assert event_rows(event, 80) == []


def test_an_answer_that_is_still_coming_is_the_last_row() -> None:
    events = (RUN, Text("Half a ", final=False), Usage(Tokens(5)), Text("sentence", final=False))
    assert text_of(last_rows(events, 80, 5)) == "$ pytest -q\nHalf a sentence"
    assert said_so_far((*events, Text("Half a sentence.")), 80) == []


def test_long_thoughts_and_results_are_folded_until_all_of_them_is_wanted() -> None:
    many = "\n".join(f"line {n}" for n in range(40))
    assert len(event_rows(Thinking(many), 80)) == THOUGHT_ROWS + 1
    assert shown(Thinking(many)).endswith("… 37 more lines")
    assert {tone for row in event_rows(Thinking(many), 80) for _, tone in row} == {"dim"}
    assert len(event_rows(ToolResult("1", True, many), 80)) == 1
    assert shown(ToolResult("1", True, many), is_whole=True).endswith("line 39")
    patch = FileChange("a", "update", "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old\n+new")
    assert ("+new", "good") in [row[-1] for row in event_rows(patch, 80, is_whole=True)]


HUGE = "x" * 1_000_000


@pytest.mark.parametrize(
    "made", [Text, Thinking, Note, lambda text: ToolResult("1", True, text), lambda text: ToolCall("1", "run", text),
             lambda text: FileChange(text, "update", text), lambda text: Ask("a", ToolCall("1", "edit", text), text),
             lambda text: Answered("a", True, text, text), lambda text: Retry(1, 2, 3, text), Started,
             lambda text: Finished("stopped", text)],
)  # fmt: skip
@pytest.mark.parametrize("name", [*HOSTILE, "huge", "many"])
def test_nothing_in_an_event_is_obeyed_and_its_size_is_bounded(made: Any, name: str) -> None:
    text = {**HOSTILE, "huge": HUGE, "many": "y\n" * 500_000}[name]
    for is_whole in (False, True):
        rows: list[Line] = event_rows(made(text), 80, is_whole)
        assert len(rows) <= 2 * WHOLE_ROWS + 3
        assert max(map(width_of, rows)) <= 80
        assert not [char for char in text_of(rows) if char in BAD and char != "\n"]


@given(st.text(max_size=200), st.integers(1, 120))
def test_no_text_is_wider_than_the_pane(text: str, width: int) -> None:
    rows = [*event_rows(Text(text), width), *event_rows(ToolResult("1", False, text), width)]
    assert all(width_of(row) <= max(width, 14) for row in rows)
