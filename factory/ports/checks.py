"""Checks: commands that the factory runs itself, as proof."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from factory.model.evidence import TestCounts

Outcome = Literal["passed", "failed", "broken"]


@dataclass(frozen=True)
class Check:
    """A command to run in a checkout, without a shell."""

    name: str
    """`A1`, `finding-2`, …: part of file names."""
    argv: tuple[str, ...]
    checkout: Path
    out: Path
    """Folder for its log and report."""
    operator_path: str = ""
    overlay: Path | None = None
    """Folder laid over the checkout before (the acceptance folder)."""
    timeout_s: float = 600.0


@dataclass(frozen=True)
class CheckResult:
    """What really happened."""

    outcome: Outcome
    why: str
    """One sentence: `2 of 13 tests failed`, `pytest: command not found (127)`, …"""
    argv: tuple[str, ...]
    exit_code: int | None
    started_at: str
    ended_at: str
    log: Path
    report: Path | None = None
    """JUnit file, when one was written and could be read."""
    tests: TestCounts | None = None
    timed_out: bool = False


class Checks(Protocol):
    """Runs commands as proof: clean environment, process group, wall clock, log on disk."""

    async def run(self, check: Check) -> CheckResult:
        """Run one command to its end.

        Raises:
            Unreachable: `lost`, it was cut off from outside, which says nothing about the work; run it again.
        """
        ...
