"""Rows as a run has them: what the ledger benchmarks write."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from adapters.clock import SystemClock
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.model.definition import Definition
from factory.model.run import Agent, Criterion, Run
from factory.model.step import Step
from factory.ports.ledger import Transaction

RUN = "run_0000000000000000000000bench"
STEP = "stp_0000000000000000000000bench"


def new_ledger(folder: Path) -> SqlLedger:
    """A ledger in `folder/ledger.db` that holds one run with one step."""
    ledger = open_ledger(folder / "ledger.db", SystemClock())
    ledger.write("bench", launching(RUN, (STEP,)))
    return ledger


def launching(run: str, steps: tuple[str, ...]) -> Callable[[Transaction], None]:
    """Stores a run and its steps, as `start` does; they are made now, not in the transaction."""
    goal, made = (
        sample_run(run),
        [Step(id=step, run=run, kind="build", order=order) for order, step in enumerate(steps, 1)],
    )

    def work(tx: Transaction) -> None:
        tx.put(goal, "run.create", {"goal": goal.goal})
        for step in made:
            tx.put(step, "step.create", {"kind": step.kind})

    return work


def move_step(tx: Transaction) -> None:
    """One move of a step, as the workflow makes it: read, next version, one event."""
    step = tx.get(Step, STEP)
    tx.put(replace(step, attempt_no=step.attempt_no + 1, assigned="command:agent"), "step.begin")


def sample_run(run: str) -> Run:
    """A run that was just created."""
    return Run(
        id=run,
        goal="Fix split(): parts must add up to the total",
        domain="backend",
        criteria=(Criterion("A1", "parts sum to the total", ("pytest", "-q", "tests/test_split.py")),),
        coder=Agent("command:agent", "one"),
        verifier=Agent("command:checker", "another"),
        definition=Definition(),
        base_commit="0" * 40,
        repo="/somewhere/repository",
    )
