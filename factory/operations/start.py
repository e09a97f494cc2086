"""Starting a run: the ready gate, then everything that a run is made of in one transaction."""

import shlex
from dataclasses import asdict, replace
from hashlib import sha256

from factory.errors import Refused
from factory.model.audit import canonical_json
from factory.model.cost import Budget, BudgetScope
from factory.model.gate import Gate
from factory.model.launch import Launch
from factory.model.request import Request
from factory.model.run import Run
from factory.model.step import Step
from factory.model.thread import Thread
from factory.model.trial import Assignment
from factory.model.view import RunView
from factory.operations.handing import ensure_worker
from factory.operations.handing import launch as hand_over
from factory.operations.ready import Ready, check
from factory.operations.results import Started
from factory.operations.superseding import superseded, task_of
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.goal import language
from factory.rules.requests import asked
from factory.rules.trial import assign, in_arm
from factory.workflow.flow import move
from factory.workflow.pages import due_page, put_pages
from factory.workflow.records import write_records


def start(ports: Ports, launch: Launch) -> Started:
    """Create a run, or attach to the one that this key made.

    Raises:
        Usage, Missing, Refused: the ready gate; nothing was created.
    """
    if known := _known(ports, launch.key):
        return _attach(ports, known)
    ready = check(ports, launch)
    run_id = ports.clock.new_id("run")
    accept = ports.evidence.capture_tree(run_id, "accept", launch.accept_dir).path if launch.accept_dir else ""
    run = _run(ports, ready, run_id, accept)
    try:
        ports.ledger.write(ports.actor, lambda tx: _create(ports, tx, run, ready))
    except Refused as refusal:
        if refusal.code == "duplicate" and (known := _known(ports, launch.key)):
            return _attach(ports, known)
        raise
    _see_to(ports, run_id)
    return Started(run_id, "ready", created=True)


def _attach(ports: Ports, known: Run) -> Started:
    """The run of an earlier call. That one may have been killed before it had seen to a worker."""
    _see_to(ports, known.id)
    return Started(known.id, known.state, created=False)


def _see_to(ports: Ports, run: str) -> None:
    """The files of a run that is in the ledger, and a worker for it."""
    write_records(ports, ports.ledger.view(run))
    ensure_worker(ports, f"The run {run} is recorded; it begins with the next worker.")


def _known(ports: Ports, key: str) -> Run | None:
    found = ports.ledger.find(Run, idempotency_key=key, namespace=ports.defaults.namespace) if key else ()
    return found[0] if found else None


def _run(ports: Ports, ready: Ready, run_id: str, accept_dir: str) -> Run:
    launch, defaults = ready.launch, ports.defaults
    return Run(
        id=run_id,
        namespace=defaults.namespace,
        goal=ready.goal,
        lang=language(ready.goal),
        priority=launch.priority,
        domain=ready.route.domain,
        criteria=ready.criteria,
        risk=ready.risk,
        verifier_required=ready.verifier_required,
        verifier_reasons=ready.verifier_reasons,
        route=ready.route,
        coder=ready.coder,
        verifier=ready.verifier,
        planner=ready.planner,
        profile=defaults.profile,
        definition=ready.definition,
        repo=str(ready.repo.path),
        base_commit=ready.repo.head,
        prepare=tuple(shlex.split(launch.prepare or defaults.prepare)),
        accept_dir=accept_dir,
        operator_path=ports.operator_path,
        allow_green_baseline=launch.allow_green_baseline,
        left_out=ready.left_out,
        mc_ref=task_of(launch),
        idempotency_key=launch.key,
        supersedes=superseded(ports, launch, ready.repo.path),
        started_by=ports.actor,
        labels=(*launch.labels, *ready.labels),
    )


def _create(ports: Ports, tx: Transaction, draft: Run, ready: Ready) -> None:
    """Run, steps, ready gate, thread, budgets, page and its write, and the wish for the worker: all or nothing."""
    given = assign(ports.clock.new_id("asg"), draft, tx.find(Assignment)) if ports.defaults.trial else None
    draft = in_arm(draft, given) if given else draft
    digest = sha256(canonical_json(asdict(draft.definition)).encode()).hexdigest()  # last: an arm changes it
    run = tx.put(replace(draft, workflow_sha256=digest), "run.create", {"goal": draft.goal[:200]})
    if given:
        tx.put(given, "trial.assign")  # the event must not tell the arm
    steps = [tx.put(step, "step.create", {"kind": step.kind}) for step in _steps(ports, run)]
    build = next(step for step in steps if step.kind == "build")
    thread = tx.put(_thread(ports, run, build), "thread.prewire")
    budgets = [tx.put(budget, "budget.open") for budget in _budgets(ports, run, thread, ready.budget_micros)]
    _pass_ready_gate(ports, tx, run)
    run = move(tx, run, "ready")
    view = RunView(run=run, steps=tuple(steps), threads=(thread,), budgets=tuple(budgets), as_of=ports.clock.now())
    requests = tx.find(Request, ref=run.mc_ref, state="open") if run.mc_ref else ()
    put_pages(tx, ports, [due_page(ports, view, "request", {"asked": asked(requests)}, ready.launch.page)])
    for request in requests:
        move(tx, request, "take", run=run.id)
    hand_over(tx, ports, run.id)


def _steps(ports: Ports, run: Run) -> list[Step]:
    made: list[Step] = []
    for order, kind in enumerate(run.definition.steps, 1):
        deps = (made[-1].id,) if made else ()
        step = Step(id=ports.clock.new_id("stp"), run=run.id, kind=kind, order=order, deps=deps)
        made.append(step)
    return made


def _thread(ports: Ports, run: Run, build: Step) -> Thread:
    return Thread(
        id=ports.clock.new_id("thr"),
        run=run.id,
        step=build.id,
        coder=run.coder.name,
        verifier=run.verifier.name,
        max_rounds=run.definition.max_rounds,
        cap_micros=ports.defaults.thread_cap_micros,
    )


def _budgets(ports: Ports, run: Run, thread: Thread, limit: int) -> list[Budget]:
    def cap(scope: BudgetScope, subject: str, micros: int) -> Budget:
        return Budget(id=ports.clock.new_id("bud"), run=run.id, scope=scope, subject=subject, limit_micros=micros)

    return [cap("run", run.id, limit), cap("thread", thread.id, thread.cap_micros)]


def _pass_ready_gate(ports: Ports, tx: Transaction, run: Run) -> None:
    requirements = (
        "a goal",
        f"{len(run.criteria)} acceptance {'criterion' if len(run.criteria) == 1 else 'criteria'}",
        f"two companies: {run.coder.company} builds, {run.verifier.company} verifies",
        "a budget",
        "a spec page",
    )
    gate = tx.put(
        Gate(id=ports.clock.new_id("gat"), run=run.id, kind="ready", requirements=requirements), "gate.create"
    )
    move(tx, move(tx, gate, "open"), "approve")
