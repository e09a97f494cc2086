"""What panes say: output, threads, agents, amounts over time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.thread import Message
from tests.app import sample
from widgets.findings import counted, told
from widgets.lines import Line, spark, width_of
from widgets.names import agent_name, short_agent, short_hashes
from widgets.output import output_lines, output_note, output_title
from widgets.steps import step_lines
from widgets.thread import thread_end, thread_lines, thread_title
from widgets.viewers.beside import beside


def text(line: Line) -> str:
    """What it says."""
    return "".join(part for part, _ in line)


def test_of_an_output_the_last_lines_are_shown() -> None:
    lines = output_lines("one\ntwo\n$ three\nTraceback: four\n", 40, 3)
    assert lines == ((("two", ""),), (("$ three", "accent"),), (("Traceback: four", "bad"),))


def test_a_line_that_is_too_long_loses_its_gaps_before_its_end() -> None:
    assert text(output_lines("....        [100%]", 12, 1)[0]) == "....  [100%]"
    assert text(output_lines("x" * 30, 12, 1)[0]) == "x" * 11 + "…"


@given(st.text(max_size=400), st.integers(1, 80), st.integers(1, 20))
def test_no_output_leaves_its_pane(written: str, width: int, height: int) -> None:
    lines = output_lines(written, width, height) if written.strip() else ()
    assert len(lines) <= height
    assert all(width_of(line) <= width for line in lines)


def test_an_output_says_whose_it_is_and_whether_it_grows() -> None:
    attempt = sample.VIEW.attempts[-1]
    assert output_title(attempt) == "verifier scripted:split-verifier, try 2"
    assert output_note(attempt, is_frozen=False).startswith("succeeded ")
    assert output_note(None, is_frozen=False) == output_title(None) == ""


def test_of_a_thread_the_last_words_are_kept_below_who_talks() -> None:
    lines = thread_lines(sample.VIEW, 68)
    end = thread_end(lines, 68, 7)
    assert (len(end), end[0], end[2:]) == (7, lines[0], lines[-5:])
    assert text(end[1]).startswith(f"── {len(lines) - 6} lines before (t) ─")
    assert thread_end(lines, 68, len(lines)) == lines


def test_a_note_that_its_agent_has_says_so_and_another_one_does_not() -> None:
    note = Message(id="msg_9", run=sample.RUN, thread="thr_1", seq=9, sender="operator:me", recipient=sample.CODER,
                   kind="note", body="use make")  # fmt: skip
    for said, is_said in ((note, False), (replace(note, status="delivered"), True)):
        view = replace(sample.VIEW, messages=(*sample.VIEW.messages, said))
        assert any("delivered: the agent has it" in text(line) for line in thread_lines(view, 68)) == is_said


def test_new_findings_are_counted_by_round() -> None:
    assert thread_title(sample.VIEW) == "passed · round 2 of 3 · new findings 1 → 0"
    assert [counted(each) for each in told(sample.VIEW.thread.verdicts)] == ["1 new", "nothing found"]
    again = (sample.VIEW.thread.verdicts[0],) * 2
    assert [counted(each) for each in told(again)] == ["1 new", "0 new, 1 again"]


@given(st.sampled_from((sample.CODER, "command:python3 tools/very/long/name.py --x", "claude", "č" * 40)),
       st.integers(2, 40))  # fmt: skip
def test_a_short_agent_keeps_its_end(name: str, width: int) -> None:
    short = short_agent(name, width)
    assert width_of(((short, ""),)) <= width
    assert agent_name(name).endswith(short.rpartition("…")[2])


def test_commits_are_as_short_as_git_writes_them() -> None:
    assert short_hashes(f"on {'9f2c1ab' + '0' * 33}, not 4c1d0aa") == "on 9f2c1ab, not 4c1d0aa"


@pytest.mark.parametrize("width", [48, 52, 62, 74, 120])
def test_the_steps_fit_their_pane_and_say_their_state(width: int) -> None:
    lines = step_lines(sample.STATUS, sample.VIEW, width)
    assert all(width_of(line) <= width for line in lines)
    assert "waits for you" in text(lines[4])


def test_amounts_beside_each_other_are_in_proportion() -> None:
    assert spark((0, 1, 50, 100)) == "▁▂▅█"
    assert spark((0, 0)) == "▁▁"


@given(st.integers(20, 200), st.integers(1, 5), st.integers(10, 60))
def test_blocks_stand_beside_each_other_where_there_is_room(width: int, count: int, least: int) -> None:
    rooms: list[int] = []

    def block(room: int) -> tuple[Line, ...]:
        rooms.append(room)
        return ((("x" * room, ""),), (("y", ""),))

    lines = beside([block] * count, width, least)
    assert all(width_of(line) <= width for line in lines)
    assert len(rooms) == count
    assert min(rooms) >= min(width, least)
