"""`Checks` without processes: a test says how each command ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from factory.model.evidence import TestCounts
from factory.ports.checks import Check, CheckResult, Outcome

AT = "2026-11-23T17:54:45.123Z"
_CODES: Mapping[str, int | None] = {"passed": 0, "failed": 1, "broken": None}


@dataclass
class FakeChecks:
    """Answers with an outcome for each check, `passed` unless the test says otherwise.

    Args:
        outcomes: By the name of the check, or by its first word that is listed; a function is asked with the check.
    """

    outcomes: Mapping[str, Outcome | Callable[[Check], Outcome]] = field(default_factory=dict)
    ran: list[Check] = field(default_factory=list, init=False)
    """Every check that was run, in order."""

    async def run(self, check: Check) -> CheckResult:
        """Write the log and answer."""
        self.ran.append(check)
        outcome = self._outcome(check)
        check.out.mkdir(parents=True, exist_ok=True)
        log = check.out / f"{check.name}.log"
        log.write_text(f"fake check: {' '.join(check.argv)}: {outcome}\n")
        tests = None if outcome == "broken" else _counts(outcome)
        return CheckResult(
            outcome=outcome,
            why={"passed": "1 test passed", "failed": "1 of 1 tests failed", "broken": "timed out"}[outcome],
            argv=check.argv,
            exit_code=_CODES[outcome],
            started_at=AT,
            ended_at=AT,
            log=log,
            tests=tests,
            timed_out=outcome == "broken",
        )

    def _outcome(self, check: Check) -> Outcome:
        for key in (check.name, *check.argv):
            if key in self.outcomes:
                found = self.outcomes[key]
                return found(check) if callable(found) else found
        return "passed"


def _counts(outcome: Outcome) -> TestCounts:
    failed = outcome == "failed"
    return TestCounts(1, passed=int(not failed), failed=int(failed), failed_ids=("t::t",) if failed else ())
