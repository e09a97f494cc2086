"""What must come out the same, whatever was killed."""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from factory.model.outbox import METRICS
from factory.model.run import Run
from factory.model.view import RunView
from tests.e2e.crash.house import House, until

_OF_THE_STEP = re.compile(r"(build|verify)-(\d+)-[0-9a-z]{4}")
_REPEATABLE = ("outbox.", "port.", "approval.refused")
"""Events of deliveries and refusals: there may be more of them when somebody was killed."""


def end_of(house: House, run: str) -> dict[str, Any]:
    """The end of a run without its ids and times, in plain JSON values."""
    view = house.view(run)
    events = [event.action for event in house.ledger.events(limit=100_000, run=run)]
    end = {
        "state": view.run.state,
        "steps": [(step.kind, step.state, step.attempt_no) for step in view.steps],
        "attempts": [(attempt.role, attempt.n, attempt.state, attempt.late) for attempt in view.attempts],
        "verdicts": [verdict.word for verdict in view.thread.verdicts],
        "messages": [message.kind for message in view.messages],
        "approvals": [approval.decision for approval in view.approvals],
        "gates": [(gate.kind, gate.state) for gate in view.gates],
        "evidence": sorted(_OF_THE_STEP.sub(r"\1-\2", item.title) for item in view.evidence),
        "packages": [(package.phase, package.n, package.state, package.score) for package in view.packages],
        "pages": sorted(path.name for path in (house.home / "knowledge" / run).iterdir()),
        # The page about all runs follows when it likes, and how often depends on when the others end.
        "writes": sorted((one.target, one.op, one.state) for one in view.outbox if one.order_key != METRICS),
        "costs": [(cost.role, cost.micros, cost.basis) for cost in view.costs],
        "budgets": [(budget.scope, budget.spent_micros, budget.reserved_micros) for budget in view.budgets],
        "blockers": [blocker.code for blocker in view.blockers],
        "lessons": _lessons(house, run),
        "events": Counter(action for action in events if not action.startswith(_REPEATABLE)),
    }
    plain: dict[str, Any] = json.loads(json.dumps(end))
    return plain


def check_house(house: House, runs: dict[str, str]) -> None:
    """What holds for a home however often something was killed in it."""
    assert len(house.ledger.rows(limit=1000)) == len(runs), "one run a key"
    for key, run in runs.items():
        assert [found.id for found in house.ledger.find(Run, idempotency_key=key)] == [run]
        assert house.json("evidence", "verify", run)["ok"]
        _check_starts(house, house.view(run))
        _check_checks(house, run)
    assert house.json("audit", "verify")["ok"]
    assert not house.noted("overlaps"), "two agents of one step were alive at once"
    until("every command of a client is applied", lambda: not house.ledger.pending())
    _check_journal(house)


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file and folder with its mode, time and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = f"{facts.st_mode:o} {facts.st_mtime_ns} {content}"
    return found


def _check_starts(house: House, view: RunView) -> None:
    """Each attempt of the ledger is one start of an agent, and the other way round."""
    started = sorted((step, int(n), role) for run, step, n, role, *_ in house.noted("starts") if run == view.run.id)
    assert started == sorted((attempt.step, attempt.n, attempt.role) for attempt in view.attempts)


def _check_checks(house: House, run: str) -> None:
    """No check began once its step had its checkpoint; each left its evidence once."""
    kept = _checkpoints(house, run)
    for owner, name, at_ms in house.noted("checks"):
        if owner == run and f"check:{name}" in kept:  # an engine that forgot all has no checkpoint
            assert int(at_ms) <= kept[f"check:{name}"], f"{name} ran again after its checkpoint"
    titles = Counter(item.title for item in house.view(run).evidence)
    assert set(titles.values()) == {1}


def _checkpoints(house: House, run: str) -> dict[str, int]:
    """When each step of a run was kept by the engine (ms since the epoch)."""
    rows = _ask(
        house.home / "engine.db", "SELECT workflow_uuid, function_name, completed_at_epoch_ms FROM operation_outputs"
    )
    return {name: at for workflow, name, at in rows if workflow.startswith(run)}


def _check_journal(house: House) -> None:
    """The engine knows each step once and each workflow ended well; none had to be started again by hand."""
    engine = house.home / "engine.db"
    rows = _ask(engine, "SELECT workflow_uuid, function_name FROM operation_outputs")
    steps = Counter((workflow, name) for workflow, name in rows if not name.startswith("DBOS."))
    twice = {name for (_, name), count in steps.items() if count > 1} - {"build", "verify"}
    assert not twice, "the engine's journal holds a step twice"
    until(
        "every workflow has ended well",
        lambda: set(_ask(engine, "SELECT status FROM workflow_status")) == {("SUCCESS",)},
    )
    assert not [name for (name,) in _ask(engine, "SELECT workflow_uuid FROM workflow_status") if "#" in name]


def _lessons(house: House, run: str) -> int:
    return len(_ask(house.home / "memory.db", f"SELECT id FROM notes WHERE run = '{run}'"))


def _ask(file: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()
