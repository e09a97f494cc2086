"""Findings across rounds: one name for one finding, and what was mended is known."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from factory.model.thread import Finding, Verdict
from tests.unit.rules.made import REQUEST, delivered
from widgets.findings import resolved, told
from widgets.thread import thread_lines

WORDS = st.sampled_from(["rounds down", "Rounds  Down", "loses a cent", "raises nothing"])
FINDINGS = st.builds(
    lambda words, command: Finding("block", words, command, True), WORDS, st.sampled_from([(), ("pytest", "-k", "sum")])
)
ROUNDS = st.lists(st.lists(FINDINGS, max_size=4), max_size=5)


def verdict(*findings: Finding) -> Verdict:
    """A round with these findings."""
    return Verdict("changes_requested", "changes_requested", "4c1d0aa", (), findings, 1)


def found(words: str, *command: str) -> Finding:
    """A finding, shown by a command or by nothing."""
    return Finding("block", words, command, True)


@given(ROUNDS)
def test_no_finding_is_lost_and_none_is_added(rounds: list[list[Finding]]) -> None:
    named = told([verdict(*one) for one in rounds])
    assert [[one.finding for one in here] for here in named] == rounds


@given(ROUNDS)
def test_a_name_is_repeated_exactly_when_a_round_before_said_it(rounds: list[list[Finding]]) -> None:
    before: set[str] = set()
    for here in told([verdict(*one) for one in rounds]):
        assert [one.is_repeated for one in here] == [one.name in before for one in here]
        before |= {one.name for one in here}


@given(ROUNDS)
def test_what_a_round_resolves_was_found_before_and_is_not_found_now(rounds: list[list[Finding]]) -> None:
    named = told([verdict(*one) for one in rounds])
    for number in range(1, len(named)):
        gone = set(resolved(named, number))
        earlier, now = ({one.name for one in named[at]} for at in (number - 1, number))
        assert gone == earlier - now


def test_the_command_makes_two_findings_one_whatever_the_words() -> None:
    first, second = told([verdict(found("a", "pytest")), verdict(found("b", "pytest"), found("c"))])
    assert [(one.name, one.is_repeated) for one in (*first, *second)] == [("F1", False), ("F1", True), ("F2", False)]


def test_without_a_command_the_words_make_them_one_in_any_case_and_spacing() -> None:
    first, second = told([verdict(found("Rounds  down")), verdict(found("rounds down"))])
    assert first[0].name == second[0].name == "F1"


def test_the_first_round_resolves_nothing() -> None:
    assert resolved(told([verdict(found("a"))]), 0) == ()


def test_a_blocking_finding_without_a_command_is_shown_as_not_counted() -> None:
    view = delivered()
    found_here = (Finding("block", "I do not like it"), Finding("block", "off", ("false",)), Finding("note", "fine"))
    verdict = Verdict("inconclusive", "changes_requested", "4c1d0aa", (), found_here, 1)
    said = replace(REQUEST, id="msg_v", kind="verdict", seq=2, body="inconclusive")
    thread = replace(view.thread, verdicts=(verdict,))
    lines = thread_lines(replace(view, threads=(thread,), messages=(REQUEST, said)), 80)
    text = "\n".join("".join(part for part, _ in line) for line in lines)
    assert text.count("no command: not counted") == 1
    assert text.count("claimed") == 2
