"""Setting a cap, and asking for one that an operator may not set alone."""

from dataclasses import replace

from factory.errors import Usage
from factory.model.blocker import Blocker
from factory.model.cost import Budget, BudgetScope
from factory.model.gate import CostRequest, Gate
from factory.model.run import Run
from factory.model.thread import Thread
from factory.operations.results import ASKED, Done
from factory.operations.verbs import act, resume_run
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.budget import needs_review, raise_cap
from factory.rules.gate import let_through_a_person, machine_refusal
from factory.rules.money import check_cap, usd
from factory.workflow.cost_reviews import withdraw_reviews
from factory.workflow.flow import move

LONGEST_REASON = 1_000
SET = "budget.cap"


def cap(ports: Ports, run: str, micros: int, scope: str, reason: str, may_ask: bool = False) -> Done:
    """Change a cap, with a reason for the audit trail; a run that the cap had paused goes on.

    Args:
        may_ask: A cap that an operator may not set alone is asked for at a cost review. The same wish again changes
            nothing, another one takes the place of the first.

    Returns:
        `event` is `budget.cap`, or `cost_review.ask`: the cap is as it was.

    Raises:
        Usage: no reason, one that is too long, or an amount that no cap may have.
        Refused: `review_required`, a thread's cap over $1.00 and not `may_ask`; `agent_may_not_approve`,
            `terminal_state`.
    """
    let_through_a_person(ports.inside_agent(), "change a cap")
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Usage(f"A cap is changed only with a reason, of {LONGEST_REASON:,} characters at most.", "--reason TEXT")
    events = []

    def work(tx: Transaction, current: Run) -> None:
        budget = tx.find(Budget, run=current.id, scope=scope)[-1]
        if may_ask and needs_review(budget, micros, budget.scope):
            _ask(ports, tx, current, CostRequest(budget.subject, budget.limit_micros, micros, reason, ports.actor))
            events.append(ASKED)
        else:
            set_cap(ports, tx, current, budget.scope, micros, reason)
            events.append(SET)

    done = act(ports, run, SET, work)
    return replace(done, event=events[-1])


def set_cap(
    ports: Ports, tx: Transaction, run: Run, scope: BudgetScope, micros: int, reason: str, is_reviewed: bool = False
) -> None:
    """Change the newest cap of this scope. An open cost review of the thread is moot then."""
    budget = tx.find(Budget, run=run.id, scope=scope)[-1]
    raised = raise_cap(budget, micros, scope, is_reviewed)
    tx.put(raised, SET, {"from": budget.limit_micros, "to": micros, "reason": reason})
    if scope == "thread":
        withdraw_reviews(tx, run.id)
        thread = tx.get(Thread, budget.subject)
        tx.put(replace(thread, cap_micros=micros), "thread.cap", {"to": micros})
    paused_by_cap = any(item.is_open for item in tx.find(Blocker, run=run.id, code="cap_exceeded"))
    if run.state == "paused" and paused_by_cap and raised.left_micros > 0:
        resume_run(ports, tx, run)


def _ask(ports: Ports, tx: Transaction, run: Run, request: CostRequest) -> None:
    """Open a cost review, unless one about the very same wish is open."""
    check_cap(request.micros)
    if refusal := machine_refusal(run, ports.actor, ports.inside_agent(), "ask for money for"):
        raise refusal
    open_ones = tx.find(Gate, run=run.id, kind="cost_review", state="open")
    if any(gate.request == request for gate in open_ones):
        return
    withdraw_reviews(tx, run.id)
    name, amount = ports.clock.new_id("gat"), usd(request.micros)
    asked = f"{request.asked_by} asked for a verifier cap of {amount} instead of {usd(request.before_micros)}"
    gate = Gate(
        id=name,
        run=run.id,
        kind="cost_review",
        requirements=(f"{asked}: {request.reason}",),
        package_digest=request.digest_at(name),
        request=request,
    )
    detail = {"from": request.before_micros, "to": request.micros, "reason": request.reason}
    move(tx, tx.put(gate, ASKED, detail), "open")
