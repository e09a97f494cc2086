"""Rows as a run has them: what the ledger benchmarks write."""

from dataclasses import replace
from pathlib import Path

from adapters.clock import SystemClock
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.model.run import Agent, Criterion, Definition, Run
from factory.model.step import Step
from factory.ports.ledger import Transaction

RUN = "run_0000000000000000000000bench"
STEP = "stp_0000000000000000000000bench"


def new_ledger(folder: Path) -> SqlLedger:
    """A ledger in `folder/ledger.db` that holds one run with one step."""
    ledger = open_ledger(folder / "ledger.db", SystemClock())
    ledger.write("bench", lambda tx: put_run(tx, RUN, (STEP,)))
    return ledger


def put_run(tx: Transaction, run: str, steps: tuple[str, ...]) -> None:
    """A run and its steps, as `start` stores them."""
    tx.put(_run(run), "run.create", {"goal": "Fix split(): parts must add up to the total"})
    for order, step in enumerate(steps, 1):
        tx.put(Step(id=step, run=run, kind="build", order=order), "step.create", {"kind": "build"})


def move_step(tx: Transaction) -> None:
    """One move of a step, as the workflow makes it: read, next version, one event."""
    step = tx.get(Step, STEP)
    tx.put(replace(step, attempt_no=step.attempt_no + 1, assigned="command:agent"), "step.begin")


def _run(run: str) -> Run:
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
