"""Flags about agents: each is given what it looks at, oldest first."""

from typing import Any

from factory.model.canary import CanaryResult
from factory.rules.agent_flags import Said, agent_flags
from factory.rules.timeouts import Clock, Try


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


def test_to6_takes_no_prompt_of_unknown_length_for_a_short_one() -> None:
    known = [*tries("a", "....", 100), *tries("a", "LL...", 900)]  # of nine the median is one of the longest
    assert flags(tries("a", "." * 10, 0), known) == []


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
