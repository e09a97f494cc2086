"""What follows the end of a driven agent: taken, set back, paused, taken up again, or somebody is asked."""

from dataclasses import replace

import pytest

from factory.model.step import Attempt
from factory.rules.going_on import MOST_TIMES, after_end, first_of, resumed

NOW = "2026-01-01T00:00:00.000Z"
BASE = Attempt(id="att_1", run="run_1", step="stp_1", n=1, agent="claude", session_ref="s-1", state="lost")


def ended(n: int, outcome: str, state: str = "failed", **more: object) -> Attempt:
    return replace(BASE, id=f"att_{n}", n=n, outcome=outcome, state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "outcome", "what"),
    [
        ("succeeded", "stopped", "take"), ("cancelled", "interrupted", "set_back"),
        ("budget_stopped", "budget", "pause"),
        ("failed", "auth", "block"), ("failed", "model_error", "block"), ("failed", "turns", "block"),
        ("timed_out", "timeout", "block"), ("lost", "crashed", "again"), ("failed", "rate_limit", "again"),
        ("failed", "unconnected", "again"), ("lost", "", "block"), ("failed", "", "block"),
    ],
)  # fmt: skip
def test_what_follows(state: str, outcome: str, what: str) -> None:
    assert after_end(ended(1, outcome, state), (), NOW).what == what


def test_a_rate_limit_is_waited_for_until_the_time_that_it_named() -> None:
    at = "2026-01-01T05:00:00.000Z"
    assert after_end(ended(1, "rate_limit", resets_at=at), (), NOW).at == at
    assert after_end(ended(1, "rate_limit"), (), NOW).at > NOW


def test_it_is_taken_up_again_only_so_often_in_a_row() -> None:
    earlier = [ended(n, "crashed", "lost") for n in range(1, MOST_TIMES + 1)]
    assert after_end(ended(9, "crashed", "lost"), earlier, NOW).what == "block"
    broken_by_a_success = [*earlier, ended(8, "budget", "budget_stopped")]
    assert after_end(ended(9, "crashed", "lost"), broken_by_a_success, NOW).what == "again"


def test_without_a_session_there_is_nothing_to_take_up() -> None:
    assert after_end(ended(1, "crashed", "lost", session_ref=""), (), NOW).what == "block"


def test_one_that_never_said_a_word_is_started_again_without_a_session() -> None:
    silent = ended(1, "unconnected", session_ref="")
    assert after_end(silent, (), NOW).what == "again"
    assert resumed([silent], "stp_1", "claude") is None
    again_and_again = [ended(n, "unconnected", session_ref="") for n in range(1, MOST_TIMES + 1)]
    assert after_end(ended(9, "unconnected", session_ref=""), again_and_again, NOW).what == "block"


def test_the_same_session_goes_on_for_the_same_agent_only() -> None:
    cut = ended(1, "budget", "budget_stopped")
    assert resumed([cut], "stp_1", "claude") == cut
    assert resumed([cut], "stp_1", "codex") is None
    assert resumed([cut], "stp_2", "claude") is None
    assert resumed([cut, ended(2, "stopped", "succeeded")], "stp_1", "claude") is None
    assert resumed([], "stp_1", "claude") is None


def test_home_and_worktree_are_those_of_the_attempt_in_which_the_session_began() -> None:
    one, two = ended(1, "budget"), ended(2, "budget", resumes="att_1")
    three = ended(3, "stopped", resumes="att_2")
    assert first_of(three, [one, two, three]) == one
    assert first_of(one, [one]) == one
