"""The seven outputs of a run, and the files under `record/` that show them. Projections of the ledger, no evidence."""

from dataclasses import asdict
from typing import Any

from factory.model.status import Status
from factory.model.view import RunView

FOLDER = "record"

Json = dict[str, Any]


def outputs(view: RunView) -> tuple[tuple[str, str], ...]:
    """The seven outputs by name, and where each is: a file of the run's evidence folder, or the place of its page."""
    page = next((page.ref for page in view.pages if page.role == "request"), "not recorded")
    return (
        ("parent task and subtasks", f"{FOLDER}/task.json"),
        ("spec page", page),
        ("routed companies", f"{FOLDER}/route.json"),
        ("thread", f"{FOLDER}/thread.json"),
        ("evidence, cost, progress, blockers", f"{FOLDER}/progress.json"),
        ("QA gate", f"{FOLDER}/gate.json"),
        ("writeback", f"{FOLDER}/writeback.json"),
    )


def record(view: RunView, status: Status) -> dict[str, Json]:
    """What is in each file of `record/`, by its name; plain JSON values."""
    now = asdict(status)
    return {
        "task.json": _task(view, now),
        "route.json": _route(view),
        "thread.json": _thread(view),
        "progress.json": {key: now[key] for key in ("run", "step", "agent", "evidence", "cost", "claims", "blockers")},
        "gate.json": _gate(view, now),
        "writeback.json": _writeback(view),
    }


def _task(view: RunView, now: Json) -> Json:
    run = view.run
    return {
        "run": run.id,
        "goal": run.goal,
        "lang": run.lang,
        "priority": run.priority,
        "state": run.state,
        "criteria": [asdict(criterion) for criterion in run.criteria],
        "risk": asdict(run.risk),
        "children": now["steps"],
        "pages": [{"role": page.role, "ref": page.ref} for page in view.pages],
        "result": now["result"],
    }


def _route(view: RunView) -> Json:
    run = view.run
    return {
        **asdict(run.route),
        "coder": asdict(run.coder),
        "verifier_agent": asdict(run.verifier),
        "verifier_required": run.verifier_required,
        "verifier_reasons": list(run.verifier_reasons),
    }


def _thread(view: RunView) -> Json:
    return {
        "threads": [asdict(thread) for thread in view.threads],
        "messages": [asdict(message) for message in view.messages],
    }


def _gate(view: RunView, now: Json) -> Json:
    return {
        "gate": now["gate"],
        "gates": [asdict(gate) for gate in view.gates],
        "approvals": [asdict(approval) for approval in view.approvals],
    }


def _writeback(view: RunView) -> Json:
    """Targets and what became of each write; the texts themselves are with the target."""
    keys = ("id", "target", "op", "state", "tries", "next_at", "remote_ref", "last_error", "payload_sha256")
    return {"items": [{key: getattr(item, key) for key in keys} for item in view.outbox]}
