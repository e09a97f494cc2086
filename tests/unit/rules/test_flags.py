"""Each flag, once where it has to be raised and once where it must only just not be."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from factory.model.evidence import CommandRecord, Quality
from factory.model.view import RunView
from factory.rules.gate import qa_reasons
from factory.rules.metrics import measured
from factory.rules.model_family import family
from tests.unit.rules.forty_tasks import (
    lasting,
    more_skipped,
    one_model_family,
    with_attempts,
    with_base_tests,
    with_item,
    with_proof,
    with_verdict,
)
from tests.unit.rules.made import BASE, EARLIER, counts
from tests.unit.rules.stories import Told, tell

GOOD = "b10 v5=pass +"
Change = Callable[[RunView], RunView]


def codes(story: Told) -> list[str]:
    """Codes of all flags of a run."""
    return [flag.code for flag in measured(story.view, story.events).metrics.flags]


def test_a_good_run_has_no_flag() -> None:
    assert codes(tell(GOOD)) == []


TIMES = {
    # Of each: a story in which it is raised, and one in which it is not.
    "TO1": ("b10^2 v5=pass +", "b10~2 v5=pass +"),
    "TO2": ("b10~2 v5=pass +", "b10^2 v5=pass +"),
    "TO3": ("b15!wall_clock b10 v5=pass +", "b15!exit_1 b10 v5=pass +"),
    "TO7": ("b10 v15!wall_clock +", "b10 v15!wall_clock v5=pass +"),
    "FP10": ("b10 v5=pass -", "b10 v5=unsure -"),
}


@pytest.mark.parametrize("code", TIMES)
def test_a_flag_that_the_story_of_a_run_tells(code: str) -> None:
    raised, near = TIMES[code]
    assert code in codes(tell(raised))
    assert code not in codes(tell(near))


def test_a_program_that_never_said_a_word_is_flagged_like_one_without_first_output() -> None:
    assert codes(tell("b1!unconnected b10 v5=pass +")) == ["TO1"]


CHANGES: dict[str, tuple[Change, Change]] = {
    "FP1": (lambda v: with_verdict(v, commands_run=0), lambda v: with_verdict(v, commands_run=1)),
    "FP2": (
        lambda v: with_item(v, "more", tests=counts(0), claims=()),
        lambda v: with_item(v, "more", tests=counts(0), claims=(), subject=EARLIER),
    ),
    "FP3": (
        lambda v: with_attempts(v, "verifier", subject=EARLIER),
        lambda v: with_attempts(v, "verifier", subject=v.run.result_commit),
    ),
    "FP4": (
        lambda v: with_item(v, "more", polarity="refutes", outcome="failed"),
        lambda v: with_item(v, "more", polarity="refutes", outcome="failed", subject=BASE, baseline=True),
    ),
    "FP5": (
        lambda v: with_base_tests(v, "failed"),
        lambda v: with_item(v, "more", title="verify-A1-of-base-tests-too.junit.xml"),
    ),
    "FP6": (lambda v: with_base_tests(v, "passed"), lambda v: with_base_tests(v, "failed")),
    "FP7": (
        one_model_family,
        lambda v: with_attempts(with_attempts(v, "coder", model="claude-opus-4"), "verifier", model="gpt-5"),
    ),
    "FP8": (lambda v: with_proof(v, command=lasting(301)), lambda v: with_proof(v, command=lasting(300))),
    "FP12": (more_skipped, lambda v: with_proof(more_skipped(v), tests=counts(9, 0, skipped=3))),
}


@pytest.mark.parametrize("code", CHANGES)
def test_a_flag_that_one_thing_about_a_run_raises(code: str) -> None:
    story, (raised, near) = tell(GOOD), CHANGES[code]
    found = codes(replace(story, view=raised(story.view)))
    assert found == (["FP5", "FP6"] if code == "FP6" else [code])
    assert code not in codes(replace(story, view=near(story.view)))


def test_the_same_agent_on_both_sides_is_an_error_and_the_same_model_a_notice() -> None:
    story = tell(GOOD)
    same = replace(story.view, run=replace(story.view.run, verifier=story.view.run.coder))
    for view, severity in ((same, "error"), (one_model_family(story.view), "notice")):
        (flag,) = measured(view, story.events).metrics.flags
        assert (flag.code, flag.severity, flag.ids) == ("FP7", severity, ("att_1_1", "att_1_2"))


def test_a_last_pass_that_is_not_about_the_result_is_about_another_commit() -> None:
    story = tell(GOOD)
    assert "FP3" in codes(replace(story, view=replace(story.view, run=replace(story.view.run, result_commit=EARLIER))))


@pytest.mark.parametrize(
    "change",
    [
        {"accept_dir": "accept"},
        {"evidence": "verify-1-ab12-finding-0.log"},
        {"evidence": "verify-1-ab12-command-3.log"},
    ],
)
def test_whoever_else_tested_the_result_makes_the_coders_tests_not_the_only_ones(change: dict[str, str]) -> None:
    story = tell(GOOD)
    view = with_base_tests(story.view, "passed")
    if "accept_dir" in change:
        view = replace(view, run=replace(view.run, accept_dir=change["accept_dir"]))
    else:
        view = with_item(view, "named", title=change["evidence"], claims=())
    assert codes(replace(story, view=view)) == ["FP5"]


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("claude-opus-4-1", "claude"),
        ("anthropic/claude-sonnet-4", "claude"),
        ("us.anthropic.claude-haiku-4", "claude"),
        ("gpt-5-codex", "gpt"),
        ("GPT-4.1", "gpt"),
        ("qwen2.5-coder:7b", "qwen"),
        ("scripted", ""),
        ("", ""),
    ],
)
def test_a_model_is_of_a_family(model: str, name: str) -> None:
    assert family(model) == name


@pytest.mark.parametrize("state", ["awaiting_qa", "closing", "done"])
def test_to7_is_about_every_run_that_has_passed(state: str) -> None:
    assert "TO7" in codes(tell("b10 v15!wall_clock", state=state))


@pytest.mark.parametrize("state", ["running", "blocked", "paused", "failed", "cancelled"])
def test_to7_is_not_about_a_run_that_has_not_passed(state: str) -> None:
    assert codes(tell("b10 v15!wall_clock", state=state)) == ["TO3"]


def test_to7_takes_no_word_from_before_the_time_out_and_no_time_out_of_a_coder() -> None:
    assert "TO7" in codes(tell("b10 v5=unsure v15!wall_clock +"))
    assert codes(tell("b10 v5=pass b15!wall_clock +")) == ["TO3"]


def test_fp2_a_report_of_one_test_is_no_report_of_none() -> None:
    story = tell(GOOD)
    for tests, found in ((counts(0), ["FP2"]), (counts(1), []), (counts(0, 0, skipped=1), []), (None, [])):
        view = with_item(story.view, "more", tests=tests, claims=(), polarity="neutral")
        assert codes(replace(story, view=view)) == found


@pytest.mark.parametrize(
    ("command_ms", "worked_ms", "found"),
    [
        (5_000, 4_999, ["FP8"]),
        (5_000, 5_000, []),
        (4_999, 4_998, []),  # so short a command says nothing
        (4_999, 0, []),
    ],
)
def test_fp8_looks_at_commands_of_five_seconds_or_more(command_ms: int, worked_ms: int, found: list[str]) -> None:
    begin, command_end, end = ("2026-03-02T09:10:%06.3fZ" % (each / 1000) for each in (0, command_ms, worked_ms))
    story = tell(GOOD)
    view = with_proof(story.view, command=CommandRecord(("make", "check"), 0, begin, command_end))
    view = with_attempts(view, "verifier", started_at=begin, ended_at=end)
    assert codes(replace(story, view=view)) == found


def test_fp8_says_nothing_where_no_time_is_known() -> None:
    story = tell(GOOD)
    view = with_proof(story.view, command=lasting(301))
    assert codes(replace(story, view=with_attempts(view, "verifier", started_at=""))) == []
    assert codes(replace(story, view=with_proof(story.view, command=CommandRecord(("make",), 0, "", "")))) == []


def test_fp12_as_many_skipped_as_before_are_not_more() -> None:
    story = tell(GOOD)
    same = with_proof(more_skipped(story.view), tests=counts(9, 0, skipped=2))
    assert codes(replace(story, view=same)) == []


# What also closes the gate.

CLOSING: dict[str, tuple[Change, Change]] = {
    **{code: CHANGES[code] for code in ("FP1", "FP2", "FP4")},
    "FP3": CHANGES["FP3"],
    "FP7": (lambda v: replace(v, run=replace(v.run, verifier=v.run.coder)), one_model_family),
}


@pytest.mark.parametrize("code", CLOSING)
def test_these_flags_close_the_gate_and_their_near_misses_do_not(code: str) -> None:
    story, (raised, near) = tell("b10 v5=pass"), CLOSING[code]
    assert code in codes(replace(story, view=raised(story.view)))
    assert code in " ".join(reasons(raised(story.view)))
    assert reasons(near(story.view)) == ()


@pytest.mark.parametrize("code", ["FP5", "FP6", "FP8", "FP12"])
def test_other_flags_leave_the_gate_open(code: str) -> None:
    story = tell("b10 v5=pass")
    assert reasons(CHANGES[code][0](story.view)) == ()


def reasons(view: RunView) -> tuple[str, ...]:
    """Why the gate stays shut."""
    return qa_reasons(view, Quality(100, 80, "sufficient"), True, "")
