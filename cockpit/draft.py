"""The launch form as text, kept while it is not launched; and the launch that it means."""

import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from factory.errors import Usage
from factory.model.launch import Launch
from factory.model.run import Criterion, Priority
from factory.rules.acceptance import SEPARATOR
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
        launch, problems = self.reading()
        for problem in problems.values():
            raise problem
        return launch

    def reading(self) -> tuple[Launch, Mapping[str, Usage]]:
        """The launch as far as the text can be read, and by field what is wrong with the rest of it."""
        problems: dict[str, Usage] = {}
        priority = next((known for known in get_args(Priority) if known == self.priority.strip().upper()), None)
        if priority is None:
            problems["priority"] = Usage(f"{self.priority!r} is no priority.", "Choose H, M or L.")
        budget = None
        try:
            budget = parse_usd(self.budget) if self.budget.strip() else None
        except Usage as error:
            problems["budget"] = error
        launch = replace(
            self.rest,
            goal=self.goal,
            repo=_folder(self.repo),
            domain=self.domain.strip(),
            priority=priority or "M",
            accept=tuple(line.strip() for line in self.accept.splitlines() if line.strip()),
            coder=self.coder.strip(),
            verifier=self.verifier.strip(),
            budget_micros=budget,
        )
        return launch, problems


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


def with_criterion(accept: str, detected: tuple[Criterion, ...] = ()) -> tuple[str, int, int]:
    """The acceptance with one more line to fill in: `A2:  :: command`, and where its text goes (line, column).

    Args:
        accept: What stands there.
        detected: What holds while nothing stands there; its command is offered first.
    """
    lines = [line for line in accept.splitlines() if line.strip()]
    names = {line.partition(":")[0].strip() for line in lines}
    name = next(f"A{number}" for number in range(1, len(names) + 2) if f"A{number}" not in names)
    before = lines[-1].partition(SEPARATOR)[2].strip() if lines else ""
    command = before or next((shlex.join(criterion.command) for criterion in detected if criterion.command), "")
    return "\n".join([*lines, f"{name}: {SEPARATOR}{command}"]), len(lines), len(name) + 2


def _folder(text: str) -> Path:
    """The folder that is meant; one of nobody's home stays as it was typed."""
    folder = Path(text.replace("\0", "").strip() or ".")
    with suppress(RuntimeError):
        return folder.expanduser()
    return folder
