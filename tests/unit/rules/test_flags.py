"""Each flag, once where it has to be raised and once where it must only just not be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from factory.model.canary import CanaryResult
from factory.model.evidence import CommandRecord, Quality
from factory.model.view import RunView
from factory.rules.agent_flags import Said, agent_flags
from factory.rules.gate import qa_reasons
from factory.rules.metrics import measured
from factory.rules.model_family import family
from factory.rules.timeouts import Clock, Try
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


def test_to7_takes_no_word_from_before_the_time_out_and_none_from_a_coder() -> None:
    assert "TO7" in codes(tell("b10 v5=unsure v15!wall_clock +"))
    assert "TO7" not in codes(tell("b15!wall_clock b10 v5=pass +"))


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


# Flags about agents: each is given what it looks at, oldest first.


def tries(agent: str, late: str, prompt: int = 0) -> list[Try]:
    """`..L.`: attempts of an agent, with an L for each that timed out."""
    clocks: dict[str, tuple[Clock, ...]] = {"L": ("wall",), ".": ()}
    return [
        Try(f"{agent}{prompt}-{n}", agent, "coder", f"2026-03-{n:02}", clocks[word], prompt)
        for n, word in enumerate(late, 1)
    ]


def flags(*found: list[Try], said: list[Said] | None = None, canaries: list[CanaryResult] | None = None) -> Any:
    """Codes and ids of the flags about agents."""
    every = [one for ones in found for one in ones]
    return [(flag.code, flag.ids) for flag in agent_flags(every, said or [], canaries or [])]


def test_to4_two_of_an_agents_last_three() -> None:
    assert flags(tries("a", "..L.L")) == [("TO4", ("a0-3", "a0-5"))]
    assert flags(tries("a", ".LL..L")) == []


def test_one_time_out_is_chance_whatever_it_is_a_share_of() -> None:
    others = tries("b", "." * 50)
    assert flags(tries("a", "L...."), others) == []
    assert flags(tries("a", "LL..."), others) == [("TO5", ("a0-1", "a0-2"))]


def test_no_time_out_of_others_counts_as_one() -> None:
    assert flags(tries("a", "LL..."), tries("b", "." * 7)) == []  # 2 of 5 against 1 of 7: 2.8 times
    assert flags(tries("a", "LL..."), tries("b", "." * 8)) == [("TO5", ("a0-1", "a0-2"))]


def test_to5_three_times_as_often_as_the_others() -> None:
    others = tries("b", "L.........")  # 1 of 10
    assert flags(tries("a", "LL...."), others) == [("TO5", ("a0-1", "a0-2"))]  # 2 of 6 = 3.3 times
    assert flags(tries("a", "LL....."), others) == []  # 2 of 7 = 2.9 times


def test_to5_needs_five_attempts_on_both_sides() -> None:
    assert flags(tries("a", "LL.."), tries("b", "..........")) == []
    assert flags(tries("a", "LL..."), tries("b", "....")) == []
    assert flags(tries("a", "LL..."), tries("b", "........")) == [("TO5", ("a0-1", "a0-2"))]


def test_to6_large_prompts_twice_as_often() -> None:
    small = tries("a", "L.....", 100)  # 1 of 6
    assert flags(small, tries("a", "LL...", 900)) == [("TO6", ("a900-1", "a900-2"))]  # 2 of 5 = 2.4 times
    assert flags(small, tries("a", "LL.....", 900), tries("a", "...", 100)) == [("TO6", ("a900-1", "a900-2"))]
    assert flags(tries("a", "L....", 100), tries("a", "L....", 900)) == []
    assert flags(tries("a", "L.....", 100), tries("a", "LL...", 0)) == [], "of these nobody knows the size"


def test_to6_needs_five_large_prompts() -> None:
    small = tries("a", "." * 20, 100)
    assert flags(small, tries("a", "LL..", 900)) == []
    assert flags(small, tries("a", "LL...", 900)) == [("TO6", ("a900-1", "a900-2"))]


def test_to6_needs_two_time_outs_of_large_prompts() -> None:
    assert flags(tries("a", "." * 20, 100), tries("a", "L....", 900)) == []


def test_to6_two_times_as_often_and_no_less() -> None:
    large = tries("a", "LL....", 900)  # 2 of 6
    assert flags(tries("a", "L.....", 100), large) == [("TO6", ("a900-1", "a900-2"))]
    assert flags(tries("a", "LL........", 100), large) == []  # against 2 of 10: 1.7 times


def test_to6_what_is_as_long_as_the_median_is_not_large() -> None:
    middle = [*tries("a", "...", 100), *tries("a", "......", 500)]  # of 14 the median is 500
    assert flags(middle, tries("a", "LL...", 900)) == [("TO6", ("a900-1", "a900-2"))]
    assert flags(tries("a", "LLL......L", 500)) == [], "of one length none is large"
    assert flags(tries("a", "L", 500)) == flags([]) == []


def said(words: str, subject: str = "c{n}", text: str = "") -> list[Said]:
    """`pppc`: a verifier's words, one a day; p is a pass."""
    named = {"p": "pass", "c": "changes_requested", "i": "inconclusive"}
    return [
        Said("v", f"att_{n}", f"2026-03-{n:02}", named[word], subject.format(n=n), text)
        for n, word in enumerate(words, 1)
    ]


def canary(day: str, word: str = "changes_requested", verifier: str = "v") -> CanaryResult:
    """What a verifier said about a bad patch."""
    return CanaryResult("can_1", verifier, "", "bad", "p", word, "c", f"2026-03-{day}")


def test_fp9_ten_passes_in_a_row_without_a_caught_canary() -> None:
    ten = tuple(f"att_{n}" for n in range(2, 12))
    assert flags(said=said("c" + "p" * 10)) == [("FP9", ten)]
    assert flags(said=said("p" * 9)) == []
    assert flags(said=said("pppppcppppp")) == [], "not in a row"
    assert flags(said=said("p" * 10), canaries=[canary("05")]) == []
    for missed in (canary("05", "pass"), canary("05", verifier="w"), canary("00")):
        assert [code for code, _ in flags(said=said("p" * 10), canaries=[missed])] == ["FP9"]


def test_fp11_the_same_words_about_different_commits() -> None:
    assert flags(said=said("pp", text="Fine.")) == [("FP11", ("att_1", "att_2"))]
    assert flags(said=said("pp", "c", "Fine.")) == [], "one commit, twice"
    assert flags(said=said("pp")) == [], "no words are no sign"
    assert flags(said=said("pc", text="Fine.")) == []


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
