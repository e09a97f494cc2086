"""What counts as proof, whatever an agent said."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.run import Criterion
from factory.rules.proof import Ran, judge, judge_alone, parse_verdict, proven, touched_tests, verdict_fault
from factory.rules.tampering import steers_commands

COMMIT = "c" * 40
GREEN = {"A1": Ran("A1", "passed"), "A2": Ran("A2", "passed")}
RED = {**GREEN, "A2": Ran("A2", "failed", "2 of 13 tests failed")}
BROKEN = {**GREEN, "A2": Ran("A2", "broken", "pytest left no report")}
CONFIRMED = {0: Ran("finding-0", "failed", "exit 1")}
FINDING = {"severity": "block", "text": "split(10, 4) is off", "command": "python3 -m pytest -q -k ten"}


def said(verdict: str, **changes: Any) -> dict[str, Any]:
    """A well-formed verdict as a verifier writes it."""
    criteria = [{"id": "A1", "status": "supported"}]
    return {"verdict": verdict, "subject": COMMIT, "criteria": criteria, "findings": [], "commands": [], **changes}


def word(raw: Mapping[str, Any] | None, criteria: Mapping[str, Ran] = GREEN, **more: Any) -> str:
    """The word that counts, with two commands run and no finding checked unless said otherwise."""
    given = {"finding_results": {}, "commands_run": 2, **more}
    return judge(raw, COMMIT, criteria, **given).word


def test_a_pass_on_the_right_commit_with_green_commands_is_a_pass() -> None:
    verdict = judge(said("pass"), COMMIT, GREEN, {}, 2)
    assert (verdict.word, verdict.said, verdict.subject, verdict.commands_run) == ("pass", "pass", COMMIT, 2)
    assert verdict.reasons == ()


@pytest.mark.parametrize("raw", [said("pass"), said("inconclusive"), said("changes_requested"), None, {"verdict": 7}])
def test_a_failed_criterion_asks_for_changes_whatever_was_said(raw: Mapping[str, Any] | None) -> None:
    verdict = judge(raw, COMMIT, RED, {}, 2)
    assert verdict.word == "changes_requested"
    assert verdict.reasons == ("A2 failed: 2 of 13 tests failed.",)


def test_a_criterion_that_cannot_be_run_goes_back_to_the_coder_too() -> None:
    verdict = judge(said("pass"), COMMIT, BROKEN, {}, 2)
    assert verdict.word == "changes_requested"
    assert verdict.reasons == ("A2 could not be run: pytest left no report.",)


def test_a_pass_without_a_command_on_this_commit_is_inconclusive() -> None:
    assert word(said("pass"), criteria={}, commands_run=0) == "inconclusive"


def test_prose_is_no_verdict() -> None:
    verdict = judge(None, COMMIT, GREEN, {}, 2)
    assert (verdict.word, verdict.said) == ("inconclusive", "")
    assert "left no verdict as JSON" in verdict.reasons[0]


def test_a_verdict_for_another_commit_is_inconclusive() -> None:
    verdict = judge(said("pass", subject="d" * 40), COMMIT, GREEN, {}, 2)
    assert (verdict.word, verdict.subject) == ("inconclusive", "d" * 40)


def test_an_abbreviated_commit_is_another_commit() -> None:
    assert word(said("pass", subject=COMMIT[:12])) == "inconclusive"


def test_asking_for_changes_needs_a_finding_whose_command_fails() -> None:
    raw = said("changes_requested", findings=[FINDING])
    verdict = judge(raw, COMMIT, GREEN, CONFIRMED, 3)
    assert verdict.word == "changes_requested"
    assert verdict.findings[0].confirmed
    assert verdict.reasons == ("Confirmed: split(10, 4) is off",)


@pytest.mark.parametrize("outcome", ["passed", "broken"])
def test_a_finding_whose_command_does_not_fail_asks_for_nothing(outcome: Any) -> None:
    raw = said("changes_requested", findings=[FINDING])
    verdict = judge(raw, COMMIT, GREEN, {0: Ran("finding-0", outcome)}, 3)
    assert verdict.word == "inconclusive"
    assert not verdict.findings[0].confirmed


BARE = {"severity": "block", "text": "I do not like it", "command": ""}


def test_a_finding_without_a_command_asks_for_nothing_and_the_reasons_say_so() -> None:
    verdict = judge(said("changes_requested", findings=[BARE]), COMMIT, GREEN, {}, 2)
    assert verdict.word == "inconclusive"
    assert verdict.reasons[1:] == ("Not counted, it names no command: I do not like it",)


def test_beside_a_confirmed_finding_one_without_a_command_does_not_count() -> None:
    verdict = judge(said("changes_requested", findings=[FINDING, BARE]), COMMIT, GREEN, CONFIRMED, 3)
    assert verdict.word == "changes_requested"
    assert verdict.reasons == (
        "Confirmed: split(10, 4) is off",
        "Not counted, it names no command: I do not like it",
    )


def test_a_pass_that_shows_a_defect_contradicts_itself() -> None:
    assert word(said("pass", findings=[FINDING]), finding_results=CONFIRMED) == "inconclusive"


def test_a_pass_with_a_command_that_cannot_be_run_is_inconclusive() -> None:
    assert word(said("pass"), command_results=[Ran("command-0", "broken", "not found (127)")]) == "inconclusive"
    assert word(said("pass"), command_results=[Ran("command-0", "passed")]) == "pass"


def test_a_verifier_that_could_not_decide_is_believed() -> None:
    assert word(said("inconclusive")) == "inconclusive"


outcomes = st.sampled_from(["passed", "failed", "broken"])
verdicts = st.none() | st.builds(said, st.sampled_from(["pass", "changes_requested", "inconclusive", "fine"]))


@given(verdicts, st.lists(outcomes, max_size=4), st.integers(0, 3), st.sampled_from([COMMIT, "other"]))
def test_nothing_passes_unless_all_of_it_was_shown(
    raw: Mapping[str, Any] | None, results: list[Any], commands_run: int, subject: str
) -> None:
    criteria = {f"A{index}": Ran(f"A{index}", outcome) for index, outcome in enumerate(results)}
    verdict = judge(raw, subject, criteria, {}, commands_run)
    if verdict.word == "pass":
        assert raw is not None
        assert (raw["verdict"], raw["subject"], commands_run > 0) == ("pass", subject, True)
        assert set(results) <= {"passed"}
    else:
        assert verdict.reasons


def test_without_a_verifier_the_factory_decides_alone() -> None:
    assert judge_alone(COMMIT, GREEN, 2).word == "pass"
    assert judge_alone(COMMIT, RED, 2).word == "changes_requested"
    assert judge_alone(COMMIT, BROKEN, 2).word == "changes_requested"
    assert judge_alone(COMMIT, {}, 0).word == "inconclusive"
    assert judge_alone(COMMIT, GREEN, 2).said == ""


def test_a_verdict_is_read_with_its_commands_split() -> None:
    verdict = parse_verdict(said("pass", findings=[FINDING], commands=["make check", "echo 'a b'", "make check"]))
    assert verdict is not None
    assert verdict.findings[0].command == ("python3", "-m", "pytest", "-q", "-k", "ten")
    assert verdict.commands == (("make", "check"), ("echo", "a b"), ("make", "check"))
    assert verdict.all_commands == (verdict.findings[0].command, ("make", "check"), ("echo", "a b"))
    assert verdict.criteria == {"A1": "supported"}


def test_lists_that_are_left_out_are_empty() -> None:
    verdict = parse_verdict({"verdict": "pass", "subject": COMMIT, "more": "is ignored"})
    assert verdict is not None
    assert (verdict.criteria, verdict.findings, verdict.commands) == ({}, (), ())


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (None, "no verdict as JSON"),
        ([], "no verdict as JSON"),
        ({}, "'subject'"),
        (said("pass", subject=" "), "'subject'"),
        (said("pass", subject=5), "'subject'"),
        (said("PASS"), "'verdict' must be one of pass, changes_requested, inconclusive"),
        (said("pass", criteria={"A1": "supported"}), "'criteria' must be a list"),
        (said("pass", criteria=["A1"]), "'criteria' must be a list of objects"),
        (said("pass", criteria=[{"id": "A1", "status": "ok"}]), "'status' must be one of"),
        (said("pass", findings=None), "'findings' must be a list"),
        (said("pass", findings=[{"severity": "fatal", "text": "x"}]), "'severity' must be one of"),
        (said("pass", findings=[{"severity": ["block"], "text": "x"}]), "'severity' must be one of"),
        (said("pass", findings=[{"severity": "note"}]), "'findings' must be a list of objects"),
        (said("pass", findings=[{**FINDING, "command": ["make"]}]), "must be a string"),
        (said("pass", findings=[{**FINDING, "command": " "}]), "is empty"),
        (said("pass", commands="make"), "'commands' must be a list"),
        (said("pass", commands=["echo 'open"]), "cannot be split"),
        (said("pass", commands=["echo \0"]), "must be a string"),
        (said("pass", commands=["true"] * 21), "names 21, at most 20"),
    ],
)
def test_a_malformed_verdict_is_none_and_says_why(raw: Any, fault: str) -> None:
    assert parse_verdict(raw) is None
    assert fault in verdict_fault(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["verdict", "subject", "criteria", "findings", "commands"])


@given(st.dictionaries(KEYS, json_values))
def test_no_json_can_break_the_reader(changes: dict[str, Any]) -> None:
    raw = {**said("pass"), **changes}
    assert (parse_verdict(raw) is None) == bool(verdict_fault(raw))


def test_a_required_criterion_that_flips_is_proof() -> None:
    assert proven({"A1": "failed"}, {"A1": "passed"}, ["A1"], False, False) == (
        True,
        "A1 failed before and passed on the result.",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("passed", "passed"), ("failed", "failed"), ("passed", "failed"), ("broken", "passed"), ("failed", "broken")],
)
def test_anything_else_proves_nothing(before: str, after: str) -> None:
    is_proven, why = proven({"A1": before}, {"A1": after}, ["A1"], False, False)
    assert not is_proven
    assert "--allow-green-baseline" in why


def test_a_criterion_that_is_not_required_proves_nothing() -> None:
    assert not proven({"B1": "failed"}, {"B1": "passed"}, ["A1"], False, False)[0]


def test_a_criterion_without_a_baseline_proves_nothing() -> None:
    assert not proven({}, {"A1": "passed"}, ["A1"], False, False)[0]


def test_a_verifier_command_that_flips_is_proof() -> None:
    assert proven({}, {}, ["A1"], True, False)[0]


def test_a_green_baseline_may_be_allowed_and_says_so() -> None:
    is_proven, why = proven({"A1": "passed"}, {"A1": "passed"}, ["A1"], False, True)
    assert is_proven
    assert "the operator allowed a green baseline" in why


@pytest.mark.parametrize(
    "name",
    [
        "tests/split_cases.txt",
        "src/pkg/tests/data.json",
        "test_split.py",
        "deep/split_test.go",
        "conftest.py",
        "src/conftest.py",
        "pytest.ini",
        ".pytest.ini",
        "tox.ini",
        "setup.cfg",
        "pyproject.toml",
        "web/a.test.ts",
        "web/a.spec.tsx",
        "package.json",
        "sitecustomize.py",
        "lib/usercustomize.py",
        "lib/evil.pth",
        "Tests/Split.cs",
        "jest.config.js",
        "pytest.py",
        "_pytest/__init__.py",
        "pytest/__main__.py",
        "src/__tests__/a.js",
        "src/test/java/SplitTest.java",
        "check.sh",
        "scripts/check",
        "ci/run_tests.sh",
        "verify_split.py",
    ],
)
def test_tests_and_what_steers_them_are_seen(name: str) -> None:
    assert touched_tests(["split.py", name]) == (name,)


@pytest.mark.parametrize(
    "name", ["split.py", "src/latest.py", "contest.py", "docs/testing.md", "attest.ts", "setup.py"]
)
def test_other_files_are_not_tests(name: str) -> None:
    assert touched_tests([name]) == ()


def test_a_file_that_a_command_runs_or_names_is_told_of_and_not_put_back() -> None:
    criteria = [Criterion("A1", "it works", ("sh", "./greet.sh")), Criterion("A2", "it builds", ("make", "all"))]
    changed = ["greet.sh", "Makefile", "src/other.c", "tests/test_a.py"]
    assert steers_commands(changed, criteria) == ("greet.sh", "Makefile")
    assert touched_tests(changed) == ("tests/test_a.py",)
