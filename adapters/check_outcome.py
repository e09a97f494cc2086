"""What the end of a command proves: passed, failed, or broken, and why."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.agents.launch import End
from factory.model.evidence import TestCounts
from factory.ports.checks import Check, Outcome
from factory.rules.pytest_call import is_pytest


@dataclass(frozen=True)
class Found:
    """An outcome and its reason, as one sentence without a full stop."""

    outcome: Outcome
    why: str


def judge(check: Check, end: End, tests: TestCounts | None, report_problem: str = "") -> Found:
    """The outcome by design §6: `broken` says nothing about the work, everything but `passed` proves nothing for it.

    Args:
        tests: What the report counts; None when there is none that can be read.
        report_problem: Why not.
    """
    if why := _broken(check, end):
        return Found("broken", why)
    if not is_pytest(check.argv):
        return Found("passed", "exit 0") if end.exit_code == 0 else Found("failed", f"exit {end.exit_code}")
    if tests is None:
        return Found("broken", _no_report(check.argv, end, report_problem))
    if why := _failed(tests, end.exit_code):
        return Found("failed", why)
    return Found("passed", _passed(tests))


def _broken(check: Check, end: End) -> str:
    """Why the command did not come to an end of its own; empty when it did."""
    program = check.argv[0]
    if end.end_reason == "wall_clock":
        return f"timed out after {check.timeout_s:g} s"
    if end.end_reason.startswith("signal_"):
        return f"ended by {_signal(end.end_reason)}"
    if end.exit_code == 127:
        return f"{program}: command not found (127)"
    if end.exit_code == 126:
        return f"{program}: cannot be executed (126{', ' + end.problem if end.problem else ''})"
    return "" if end.end_reason == "exit" else f"{program} was ended from outside ({end.end_reason})"


def _no_report(argv: Sequence[str], end: End, problem: str) -> str:
    if any(word.startswith(("--junitxml", "--junit-xml")) for word in argv):
        return "the command names its own --junitxml, so there is no report: leave that option out"
    return f"pytest left no report (exit {end.exit_code})" if not problem else f"pytest's report {problem}"


def _failed(tests: TestCounts, exit_code: int | None) -> str:
    """Why a report is no success; empty when it is one."""
    bad = tests.failed + tests.errors
    if bad:
        named = f": {', '.join(tests.failed_ids[:3])}{', …' if bad > 3 else ''}" if tests.failed_ids else ""
        return f"{bad} of {tests.collected} tests failed{named}"
    if not tests.collected:
        return f"nothing was collected (exit {exit_code})"
    if not tests.passed:
        return f"all {tests.skipped} tests were skipped" if tests.skipped > 1 else "the only test was skipped"
    return f"exit {exit_code}, although no test failed" if exit_code != 0 else ""


def _passed(tests: TestCounts) -> str:
    skipped = f", {tests.skipped} skipped" if tests.skipped else ""
    return f"{tests.passed} test{'s' if tests.passed != 1 else ''} passed{skipped}"


def _signal(reason: str) -> str:
    number = int(reason.removeprefix("signal_"))
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
