"""The life of an attempt in the ledger: leased with a reserved budget, started, ended and settled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from factory.model.cost import CostBasis, CostEntry
from factory.model.run import Agent, Run
from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.model.thread import Thread
from factory.model.view import RunView
from factory.ports.agents import AgentResult, AgentTask, Role
from factory.ports.ledger import Transaction
from factory.ports.prices import Price
from factory.rules.going_on import first_of, resumed
from factory.rules.permissions import for_run
from factory.workflow.blocking import open_blocker
from factory.workflow.caps import caps_of, reserve_all, settle_all
from factory.workflow.ending import end_attempt
from factory.workflow.flow import Flow, move, move_telling
from factory.workflow.progress import begin_step
from factory.workflow.self_checking import self_check_is_due

EVENTS = {
    "exit": "succeed",
    "wall_clock": "time_out",
    "lost": "lose",
    "lost_worker": "lose",
    "budget": "stop_for_budget",
    "operator_retry": "cancel",
    "cancelled": "cancel",
    "paused": "cancel",
    "not_started": "refuse",
}
"""End reason of a process -> event of its attempt; every other one is `fail`."""
OUTCOMES: Mapping[str, str] = {
    "stopped": "succeed",
    "interrupted": "cancel",
    "budget": "stop_for_budget",
    "denied": "refuse",
    "crashed": "lose",
    "timeout": "time_out",
}
"""Outcome of a driven agent -> event of its attempt; every other one is `fail`."""


@dataclass(frozen=True)
class Ending:
    """How an attempt ended, in the ledger's words."""

    event: str
    reason: str
    commit: str = ""
    artefacts: tuple[str, ...] = ()


def attempt_id(flow: Flow, step: str, n: int) -> str:
    """The id that attempt `n` of a step always has."""
    return flow.stable("att", step, n)


def lease(flow: Flow, key: str, step_id: str, n: int, role: Role) -> None:
    """Reserve the money and create the attempt, or refuse and change nothing.

    Raises:
        Refused: `cap_exceeded`.
    """

    def work(tx: Transaction) -> None:
        run, step = tx.get(Run, flow.run), tx.get(Step, step_id)
        if is_over(run) or tx.find(Attempt, step=step_id, n=n):
            return
        agent = {"coder": run.coder, "verifier": run.verifier, "planner": Agent(run.planner)}[role]
        is_driven = flow.ports.agents.is_driven(agent.name)
        before = resumed(tx.find(Attempt, run=run.id), step.id, agent.name) if is_driven else None
        draft = _new(flow, step, n, role, agent, before, self_check_is_due(tx, run.id, step.id, flow.ports.clock.now()))
        caps = caps_of(tx, flow.ports, run, draft.is_check, flow.ports.clock.now())
        estimate = 0 if is_driven else run.definition.agent_estimate_micros
        need = reserve_all(tx, caps, estimate, _next_call(before))
        step = begin_step(tx, step, agent.name)
        created = tx.put(replace(draft, reserved_micros=need), "attempt.create")
        move(tx, created, "lease")

    flow.write(key, work)


def _next_call(before: Attempt | None) -> int:
    """What the next model call of a session will hardly be cheaper than: its context only grows."""
    return before.gauge.last_call if before and before.gauge else 0


def _new(
    flow: Flow, step: Step, n: int, role: Role, agent: Agent, before: Attempt | None, is_self_check: bool
) -> Attempt:
    return Attempt(
        id=attempt_id(flow, step.id, n),
        run=flow.run,
        step=step.id,
        n=n,
        fence_token=n,
        role=role,
        agent=agent.name,
        company=agent.company,
        runtime=agent.name.partition(":")[0],
        resumes=before.id if before else "",
        session_ref=before.session_ref if before else "",
        is_self_check=is_self_check,
    )


def start(flow: Flow, key: str, attempt: str, task: AgentTask) -> None:
    """Mark an attempt as running, just before its process is."""

    def work(tx: Transaction) -> None:
        current = tx.get(Attempt, attempt)
        if current.state == "leased":
            now = flow.ports.clock.now()
            folder = str(flow.ports.agents.folder(task))
            told = {"prompt_chars": len(task.prompt)}
            move_telling(
                tx, current, "start", told, started_at=now, last_progress=now, folder=folder, subject=task.subject
            )

    flow.write(key, work)


def reason_to_end(run: Run, attempt: Attempt) -> str:
    """Why nobody may work on an attempt any more, as its end reason; empty when an agent may."""
    if is_over(attempt):
        return "lost"
    if run.state == "paused":
        return "paused"
    return "cancelled" if is_over(run) else ""


def not_started(run: Run, attempt: Attempt) -> AgentResult | None:
    """The result of an attempt whose agent shall not be started any more: it may have waited long for its turn.

    One that was started is waited for instead: it has a cost and a log.
    """
    reason = "" if attempt.started_at else reason_to_end(run, attempt)
    return AgentResult(None, reason, cost_micros=0) if reason else None


def end(tx: Transaction, flow: Flow, attempt: Attempt, result: AgentResult, ending: Ending) -> Attempt:
    """Record the end of an attempt and settle its money. One that is over already is late and changes nothing."""
    if is_over(attempt):
        return tx.put(replace(attempt, late=True), "attempt.late", {"end_reason": ending.reason})
    ended = end_attempt(
        tx,
        attempt,
        ending.event,
        ended_at=result.ended_at or flow.ports.clock.now(),
        end_reason=ending.reason,
        exit_code=result.exit_code,
        commit=ending.commit,
        artefacts=ending.artefacts,
        summary=result.summary,
        request_review=result.request_review,
        model=result.model,
        session_ref=result.session or attempt.session_ref,
        outcome=result.outcome,
        resets_at=result.resets_at,
        gauge=result.gauge,
    )
    _settle(tx, flow, ended, result)
    return ended


def _settle(tx: Transaction, flow: Flow, attempt: Attempt, result: AgentResult) -> None:
    """Settle by the reported cost, else tokens times price, else keep the reservation: unknown is not zero."""
    priced = flow.ports.prices.price(result.model, result.tokens) if result.cost_micros is None else None
    spent = priced.micros if priced else result.cost_micros
    settle_all(tx, flow.ports, attempt, spent)
    entry = CostEntry(
        id=flow.stable("cst", attempt.id),
        run=flow.run,
        step=attempt.step,
        attempt=attempt.id,
        thread=tx.find(Thread, run=flow.run)[-1].id if attempt.is_check else "",
        role=attempt.role,
        agent=attempt.agent,
        provider=priced.provider if priced else "",
        model=result.model,
        tokens=result.tokens,
        micros=spent or 0,
        basis=_basis(result, priced),
        price_version=priced.version if priced else "",
    )
    tx.put(entry, "cost.record", {"micros": entry.micros, "basis": entry.basis})
    if entry.basis == "unpriced":
        sentence = f"{attempt.agent} named no price; its cost is not in the sums and its reservation is kept."
        open_blocker(tx, flow, f"{attempt.id}:price", "unpriced", "warn", sentence, attempt.role)


def _basis(result: AgentResult, priced: Price | None) -> CostBasis:
    if result.basis is not None:
        return result.basis
    if result.cost_micros is not None:
        return "reported"
    return "computed" if priced else "unpriced"


def ending_of(result: AgentResult) -> Ending:
    """The ending of a process, before anybody looked at what it made."""
    if result.outcome:
        is_ours = result.outcome == "interrupted" and result.reason
        return Ending(OUTCOMES.get(result.outcome, "fail"), result.reason if is_ours else result.outcome)
    if result.end_reason == "exit" and result.exit_code not in (0, None):
        return Ending("fail", f"exit_{result.exit_code}")
    return Ending(EVENTS.get(result.end_reason, "fail"), result.end_reason)


def task_of(
    view: RunView, attempt: Attempt, prompt: str, worktree: Path, subject: str = "", is_driven: bool = False
) -> AgentTask:
    """The attempt as its agent gets it."""
    before = next((one for one in view.attempts if one.id == attempt.resumes), None)
    first = first_of(before, view.attempts) if before else None
    return AgentTask(
        run=view.run.id,
        step=attempt.step,
        attempt=attempt.n,
        role=attempt.role,
        agent=attempt.agent,
        prompt=prompt,
        worktree=worktree,
        thread=view.thread.id,
        subject=subject,
        left_micros=left_micros(view, attempt, is_driven),
        clocks=view.run.definition.clocks,
        operator_path=view.run.operator_path,
        resume=before.session_ref if before else "",
        home=first.folder if first else "",
        allowed=tuple(for_run(one) for one in view.permissions if one.always and one.state == "allowed"),
        next_call_micros=_next_call(before),
    )


def left_micros(view: RunView, attempt: Attempt, is_driven: bool) -> int:
    """What an attempt may spend: its reservation, and for an agent without a meter whatever else is left."""
    return attempt.reserved_micros + (0 if is_driven else _left(view, attempt.is_check))


def _left(view: RunView, is_check: bool) -> int:
    scopes = ("run", "thread") if is_check else ("run",)
    return min(budget.left_micros for scope in scopes if (budget := view.budget(scope)) is not None)
