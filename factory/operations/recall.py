"""What was launched before, as launches that could be asked for again. Reads only."""

import shlex
from contextlib import suppress
from pathlib import Path

from factory.errors import Refused
from factory.model.launch import Launch, Recent
from factory.model.run import Criterion, Run
from factory.model.view import RunRow
from factory.ports.bundle import Ports
from factory.rules.acceptance import SEPARATOR

READ = 60
"""So many of the newest runs are looked at."""


def recent(ports: Ports, limit: int = 20) -> tuple[Recent, ...]:
    """The newest launches, newest first; the same goal for the same repository stands there once."""
    found: dict[tuple[str, str], Recent] = {}
    for row in ports.ledger.rows(limit=READ):
        run = ports.ledger.get(Run, row.id)
        if (run.goal, run.repo) not in found:
            with suppress(Refused):  # its acceptance folder is not as it was: that launch cannot be had again
                found[run.goal, run.repo] = Recent(run.id, run.state, _launch(ports, run, row))
    return tuple(found.values())[:limit]


def criterion_text(criterion: Criterion) -> str:
    """A criterion as it is typed: `ID: text :: command`."""
    return f"{criterion.id}: {criterion.text}{SEPARATOR}{shlex.join(criterion.command)}"


def _launch(ports: Ports, run: Run, row: RunRow) -> Launch:
    """The launch that made a run. What was allowed once, a dirty folder or a green baseline, has to be said again."""
    return Launch(
        goal=run.goal,
        repo=Path(run.repo),
        domain="",
        priority=run.priority,
        accept=tuple(criterion_text(criterion) for criterion in run.criteria),
        coder=run.coder.name,
        verifier=run.verifier.name,
        budget_micros=row.cap_micros or None,
        planner=run.planner,
        prepare=shlex.join(run.prepare),
        workflow=run.definition.name,
        accept_dir=ports.evidence.tree(run.id, run.accept_dir) if run.accept_dir else None,
    )
