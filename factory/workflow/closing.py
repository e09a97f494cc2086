"""The end of a run: the closing package, the pages, the writeback. Written for cancelled and failed runs too."""

from dataclasses import dataclass, replace
from pathlib import Path

from factory.model.cost import Budget
from factory.model.evidence import Package, Quality
from factory.model.outbox import OutboxItem, Page
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Step
from factory.model.thread import Thread
from factory.model.view import RunView
from factory.ports.ledger import Transaction
from factory.ports.workspace import Diff
from factory.rules.lesson import lesson
from factory.rules.moves import Move
from factory.rules.outbox import outbox_item
from factory.rules.status import status
from factory.workflow.assessing import quality_of
from factory.workflow.cost_reviews import withdraw_reviews
from factory.workflow.flow import WORKER, Flow, move
from factory.workflow.freezing import new_package, write_package
from factory.workflow.health_checks import keep_health
from factory.workflow.mirroring import queue_goal
from factory.workflow.pages import Role, due_page, put_pages, queue
from factory.workflow.progress import begin_step


@dataclass(frozen=True)
class Closing:
    """All that is stored in the one transaction that ends a run."""

    package: Package
    pages: tuple[tuple[Page, OutboxItem], ...]
    memory: OutboxItem
    view: RunView
    """The run as it is when it has ended."""


async def close(flow: Flow, _move: Move) -> None:
    """Approved: write the final package and the documents, queue the writeback, and be done."""
    await flow.step("close", _close)


async def wind_up(flow: Flow, _move: Move) -> None:
    """Cancelled or failed: keep the evidence and the documents all the same."""
    await flow.step("wind-up", _wind_up)


def _close(flow: Flow, key: str) -> None:
    view = flow.view()
    closing = _prepare(flow, replace(view, run=replace(view.run, state="done")))

    def work(tx: Transaction) -> None:
        _store(tx, flow, closing)
        for kind in ("docs", "writeback"):
            step = begin_step(tx, tx.find(Step, run=flow.run, kind=kind)[-1], WORKER)
            if not is_over(step):
                move(tx, step, "pass")
        withdraw_reviews(tx, flow.run)
        move(tx, tx.get(Run, flow.run), "finish")

    flow.write(key, work)


def _wind_up(flow: Flow, key: str) -> None:
    keep_health(flow, key, "final")
    closing = _prepare(flow, flow.view())
    flow.write(key, lambda tx: _store(tx, flow, closing))


def _prepare(flow: Flow, view: RunView) -> Closing:
    quality = quality_of(flow.ports, view)
    view = _intact(flow, view)
    approved = next((package for package in reversed(view.packages) if package.state == "approved"), None)
    files = write_package(flow, view, quality, "final", 1, approved)
    package = new_package(flow, view, quality, files, "final", 1, ())
    package = replace(package, approved_package=approved.digest if approved else "")
    memory = outbox_item(view.run.id, "memory", "remember", _lesson(view), "", view.run.namespace)
    return Closing(package, _pages(flow, view, quality, package), memory, view)


def _intact(flow: Flow, view: RunView) -> RunView:
    """Without evidence that is gone or changed: the score says so, and what is left is packed all the same."""
    pairs = [(item.path, item.sha256) for item in view.evidence]
    broken = {problem.path for problem in flow.ports.evidence.problems(view.run.id, pairs)}
    return replace(view, evidence=tuple(item for item in view.evidence if item.path not in broken))


def _lesson(view: RunView) -> dict[str, str]:
    name = f"{view.run.id}-lesson"
    return {"id": name, "title": view.run.goal[:200], "text": lesson(view), "run": view.run.id, "kind": "postflight"}


def _pages(flow: Flow, view: RunView, quality: Quality, package: Package) -> tuple[tuple[Page, OutboxItem], ...]:
    root = flow.ports.evidence.root(flow.run)
    extra = {
        "quality": quality,
        "status": status(view, str(root), {}, flow.ports.clock.now()),
        "package": package,
        "diff": _diff(flow, view),
    }
    roles: tuple[Role, ...] = ("status", "evidence", "postflight")
    return tuple(due_page(flow.ports, view, role, extra) for role in roles)


def _diff(flow: Flow, view: RunView) -> Diff | None:
    """What the result changed; None when there is none."""
    run = view.run
    return flow.ports.workspace.diff(Path(run.repo), run.base_commit, run.result_commit) if run.result_commit else None


def _store(tx: Transaction, flow: Flow, closing: Closing) -> None:
    move(tx, tx.put(closing.package, "package.build"), "freeze")
    put_pages(tx, flow.ports, closing.pages)
    queue(tx, flow.ports, closing.memory)
    queue_goal(tx, flow.ports, closing.view)
    thread = tx.find(Thread, run=flow.run)[-1]
    if thread.state != "closed":
        move(tx, thread, "close", end_state=thread.state)
    for budget in tx.find(Budget, run=flow.run):
        if budget.reserved_micros:
            tx.put(replace(budget, reserved_micros=0), "budget.release", {"micros": budget.reserved_micros})
