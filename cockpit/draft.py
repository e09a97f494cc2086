"""The launch form as text, kept while it is not launched; and the launch that it means."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from factory.errors import Usage
from factory.model.launch import Launch
from factory.model.run import Priority
from factory.rules.money import parse_usd, usd


@dataclass(frozen=True)
class Draft:
    """What stands in the fields, right or wrong."""

    goal: str = ""
    repo: str = "."
    domain: str = ""
    priority: str = "M"
    accept: str = ""
    """One criterion a line: `ID: text :: command`."""
    coder: str = ""
    verifier: str = ""
    budget: str = ""
    """US dollars; empty = the configured default."""
    rest: Launch = field(default_factory=lambda: Launch(goal=""))
    """What the form does not show: preparation, acceptance folder, labels, …"""

    def launch(self) -> Launch:
        """The launch that the text means.

        Raises:
            Usage: a field cannot be read.
        """
        priority = next((known for known in get_args(Priority) if known == self.priority.strip().upper()), None)
        if priority is None:
            raise Usage(f"{self.priority!r} is no priority.", "Choose H, M or L.")
        return replace(
            self.rest,
            goal=self.goal,
            repo=Path(self.repo.strip() or ".").expanduser(),
            domain=self.domain.strip(),
            priority=priority,
            accept=tuple(line.strip() for line in self.accept.splitlines() if line.strip()),
            coder=self.coder.strip(),
            verifier=self.verifier.strip(),
            budget_micros=parse_usd(self.budget) if self.budget.strip() else None,
        )


def draft_of(launch: Launch) -> Draft:
    """A launch as the form shows it."""
    return Draft(
        goal=launch.goal,
        repo=str(launch.repo),
        domain=launch.domain,
        priority=launch.priority,
        accept="\n".join(launch.accept),
        coder=launch.coder,
        verifier=launch.verifier,
        budget="" if launch.budget_micros is None else usd(launch.budget_micros),
        rest=launch,
    )
