"""The outcome of a check, case by case as design §6 lists them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.agents.launch import End
from adapters.check_outcome import judge
from factory.model.evidence import TestCounts
from factory.ports.checks import Check

PYTEST, OTHER = ("pytest", "-q"), ("make", "test")
GREEN = TestCounts(2, passed=2)


def outcome(argv: tuple[str, ...], end: End, tests: TestCounts | None = None, problem: str = "") -> tuple[str, str]:
    """Outcome and reason."""
    found = judge(Check("A1", argv, Path("checkout"), Path("out"), timeout_s=600), end, tests, problem)
    return found.outcome, found.why


@pytest.mark.parametrize(
    ("argv", "end", "tests", "expected"),
    [
        (OTHER, End("exit", 0), None, ("passed", "exit 0")),
        (OTHER, End("exit", 2), None, ("failed", "exit 2")),
        (OTHER, End("exit", 126), None, ("broken", "make: cannot be executed (126)")),
        (OTHER, End("exit", 127), None, ("broken", "make: command not found (127)")),
        (OTHER, End("signal_11", 139), None, ("broken", "ended by SIGSEGV")),
        (OTHER, End("signal_200", 328), None, ("broken", "ended by signal 200")),
        (OTHER, End("wall_clock", 143), None, ("broken", "timed out after 600 s")),
        (OTHER, End("wall_clock", 0), None, ("broken", "timed out after 600 s")),
        (OTHER, End("lost"), None, ("broken", "make was ended from outside (lost)")),
        (PYTEST, End("exit", 0), GREEN, ("passed", "2 tests passed")),
        (PYTEST, End("exit", 0), TestCounts(3, passed=1, skipped=2), ("passed", "1 test passed, 2 skipped")),
        (PYTEST, End("exit", 0), None, ("broken", "pytest left no report (exit 0)")),
        (PYTEST, End("exit", 1), None, ("broken", "pytest left no report (exit 1)")),
        (PYTEST, End("exit", 5), TestCounts(), ("failed", "nothing was collected (exit 5)")),
        (PYTEST, End("exit", 0), TestCounts(3, skipped=3), ("failed", "all 3 tests were skipped")),
        (PYTEST, End("exit", 3), GREEN, ("failed", "exit 3, although no test failed")),
        (PYTEST, End("signal_9", 137), GREEN, ("broken", "ended by SIGKILL")),
        (PYTEST, End("wall_clock", 143), GREEN, ("broken", "timed out after 600 s")),
        (
            PYTEST,
            End("exit", 1),
            TestCounts(9, 5, 2, 2, 0, ("a", "b", "c", "d")),
            ("failed", "4 of 9 tests failed: a, b, c, …"),
        ),
    ],
)
def test_each_end_has_its_outcome(
    argv: tuple[str, ...], end: End, tests: TestCounts | None, expected: tuple[str, str]
) -> None:
    assert outcome(argv, end, tests) == expected


def test_why_a_report_cannot_be_read_is_said() -> None:
    assert outcome(PYTEST, End("exit", 0), None, "is not JUnit XML") == ("broken", "pytest's report is not JUnit XML")


@given(
    st.sampled_from(["exit", "signal_9", "wall_clock", "lost", "lost_worker", "not_started", "stopped"]),
    st.none() | st.integers(0, 255),
    st.none() | st.builds(TestCounts, *[st.integers(0, 3)] * 5),
)
def test_pytest_passes_only_when_everything_says_so(reason: str, code: int | None, tests: TestCounts | None) -> None:
    passed = outcome(PYTEST, End(reason, code), tests)[0] == "passed"
    clean = tests is not None and tests.passed >= 1 and tests.failed == tests.errors == 0 and tests.collected > 0
    assert passed == (reason == "exit" and code == 0 and clean)
