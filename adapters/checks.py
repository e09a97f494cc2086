"""Runs commands as proof."""

import asyncio
import shlex
import shutil
from pathlib import Path

from adapters.agents.capture import CAP_BYTES
from adapters.check_outcome import judge
from adapters.environment import allowed
from adapters.junit import read_report
from adapters.overlay import lay_over
from adapters.process import CHECK_TAG, run_to_end, vacate
from factory.errors import Malformed, Missing, Unreachable
from factory.ports.checks import Check, CheckResult
from factory.rules.pytest_call import is_pytest


class LocalChecks:
    """`Checks` on this machine: allow-listed environment, a wall clock for the whole tree, a redacted and capped log.

    A guard, not a boundary: a checkout that means harm runs under our user id and reads the report's path in its
    environment. So a report counts only beside the exit code, and only when it was written by this very run.

    Args:
        cap_bytes: How much output of one command is kept.
    """

    def __init__(self, cap_bytes: int = CAP_BYTES) -> None:
        self._cap_bytes = cap_bytes

    async def run(self, check: Check) -> CheckResult:
        """Run one command to its end; cancelled or killed, it takes the command's whole tree along.

        Raises:
            Missing: the checkout or the overlay is gone. Malformed: a name that is no file name, no command.
            Unreachable: the disk is full or read-only; `lost`, the process that held the command was killed.
        """
        log, report, folder = await asyncio.to_thread(_prepare, check)
        environment = _environment(check, folder, report)
        end = await run_to_end(
            folder, check.argv, check.checkout, environment, log, check.timeout_s, cap_bytes=self._cap_bytes
        )
        if end.end_reason == "lost":
            raise Unreachable(f"{check.argv[0]} was cut off: its shim was killed.", "Retry the step.", code="lost")
        log.touch(mode=0o600)  # a shim that was killed at once left none
        counts, problem = await asyncio.to_thread(read_report, report)
        found = judge(check, end, counts, problem)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return CheckResult(
            outcome=found.outcome,
            why=found.why,
            argv=check.argv,
            exit_code=end.exit_code,
            started_at=end.started_at,
            ended_at=end.ended_at,
            log=log,
            report=report if counts is not None else None,
            tests=counts,
            timed_out=end.end_reason == "wall_clock",
        )


def _prepare(check: Check) -> tuple[Path, Path, Path]:
    """Lay the overlay over the checkout and clear the places of the log, the report and the shim."""
    if not check.argv or "\0" in "".join(check.argv):
        raise Malformed(f"Check {check.name} has no command that can be run.")
    if Path(check.name).name != check.name or not check.name:
        raise Malformed(f"{check.name!r} cannot be part of a file name.")
    if not check.checkout.is_dir():
        raise Missing(f"There is no checkout {check.checkout}.", "Retry the step.")
    if check.overlay is not None and not check.overlay.is_dir():
        raise Missing(f"There is no folder {check.overlay} to lay over the checkout.", "Give --accept-dir again.")
    out = check.out.resolve()
    log, report, folder = (out / f"{check.name}.{end}" for end in ("log", "junit.xml", "run"))
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        vacate(folder)
        for old in (log, report):
            old.unlink(missing_ok=True)
        if check.overlay is not None:
            lay_over(check.overlay, check.checkout)
    except OSError as error:
        raise Unreachable(f"{error.filename or out} cannot be written: {error.strerror}.", "Free the disk.") from error
    return log, report, folder


def _environment(check: Check, folder: Path, report: Path) -> dict[str, str]:
    """What the command gets to see."""
    found = allowed(folder, check.operator_path) | {CHECK_TAG: check.name, "PYTHONDONTWRITEBYTECODE": "1"}
    if is_pytest(check.argv):
        found["PYTEST_ADDOPTS"] = shlex.join([f"--junitxml={report}"])
    return found
