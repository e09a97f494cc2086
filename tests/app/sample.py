"""A small factory at one moment: five runs, one of them in full. Everything is fixed: ids, times, digests."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Literal

from cockpit import output
from factory.model.audit import Event
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.definition import StepKind
from factory.model.evidence import CommandRecord, Evidence, Package, TestCounts
from factory.model.gate import Gate
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.run import Agent, Criterion, Risk, Route, Run
from factory.model.source import Source
from factory.model.status import ReviewCard, Status
from factory.model.step import Attempt, Step, StepState
from factory.model.thread import Finding, Message, Thread, Verdict
from factory.model.view import RunRow, RunView
from factory.rules.status import status

NOW = "2026-03-02T14:02:11.000Z"
HOME = "/home/me/.local/state/cockpit"
RUN = "run_01jdcq8k3wbx5m7h2n4p6r8t0a"
CODER = "scripted:split-coder"
VERIFIER = "scripted:split-verifier"
GOAL = "Fix split(): parts must add up to the total"
DIGEST = sha256(b"package").hexdigest()
CRITERIA = (
    Criterion("A1", "parts sum to the total", ("python", "-m", "pytest", "-k", "sum")),
    Criterion("A2", "parts differ by at most one cent", ("python", "-m", "pytest", "-k", "fair")),
    Criterion("A3", "fewer than one way raises ValueError", ("python", "-m", "pytest", "-k", "ways")),
)


def _at(clock: str) -> str:
    return f"2026-03-02T{clock}.000Z"


def digest(text: str) -> str:
    """A digest that belongs to this text."""
    return sha256(text.encode()).hexdigest()


def row(tail: str, goal: str, state: str, **changes: object) -> RunRow:
    """One line of the list of goals."""
    base = RunRow(
        id=f"run_01jdcq8k3wbx5m7h2n4p6r{tail}", goal=goal, state=state, priority="M", domain="backend",
        step_kind="build", step_state="running", steps_done=1, steps_total=6, spent_micros=0, in_flight_micros=0,
        cap_micros=5_000_000, unpriced=False, verifier_state="prewired", round=0, last_event_at=_at("14:01:59"),
        created_at=_at("13:40:00"), blockers=0, needs_person=False, coder="command:./coder.sh",
        coder_company="CodeCraft", verifier="command:./check.sh", verifier_company="Proveo",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


ROWS = (
    row("0e1k", "Napravi product demo za Bilko mobile companion.", "running", domain="product", unpriced=True,
        created_at=_at("13:58:00")),
    row(
        "8t0a", GOAL, "awaiting_qa", priority="H", step_kind="qa", steps_done=3, spent_micros=310_000,
        verifier_state="passed", round=2, last_event_at=_at("13:56:00"), needs_person=True,
        waits_since=_at("13:56:00"), blocks=2, coder=CODER, verifier=VERIFIER,
    ),
    row(
        "7c4m", "Stop the crawler from fetching the same page twice", "running", priority="H", step_state="stalled",
        spent_micros=2_440_000, in_flight_micros=50_000, last_event_at=_at("13:51:00"), needs_person=True,
        waits_since=_at("13:53:00"), verifier_state="changes_requested", round=1, blockers=1, blocks=4,
        created_at=_at("13:22:00"),
    ),
    row(
        "5v2x", "Raise the upload limit to 20 MB and say so in the form", "paused", domain="frontend",
        spent_micros=4_980_000, steps_done=2, step_kind="verify", verifier_state="awaiting", round=2,
        last_event_at=_at("13:58:40"),
    ),
    row(
        "3f9j", "Landing page in three languages", "done", priority="L", domain="frontend", step_kind="writeback",
        step_state="passed", steps_done=6, spent_micros=1_020_000, verifier_state="closed", round=1,
        last_event_at=_at("12:40:00"), created_at=_at("11:52:00"),
    ),
)  # fmt: skip


def _steps() -> tuple[Step, ...]:
    states: tuple[tuple[StepKind, StepState, int, str], ...] = (
        ("plan", "passed", 1, "factory"), ("build", "passed", 2, CODER), ("verify", "passed", 2, VERIFIER),
        ("qa", "running", 1, "operator"), ("docs", "pending", 0, "factory"), ("writeback", "pending", 0, "factory"),
    )  # fmt: skip
    return tuple(
        Step(
            id=f"stp_{kind}", run=RUN, kind=kind, order=order, state=state, attempt_no=tries, assigned=who,
            created_at=_at("13:41:00"), updated_at=_at(f"13:{44 + 3 * order}:00"),
        )
        for order, (kind, state, tries, who) in enumerate(states)
    )  # fmt: skip


def _attempts() -> tuple[Attempt, ...]:
    def one(n: int, step: str, start: str, end: str, **more: object) -> Attempt:
        made = Attempt(
            id=f"att_{step}{n}", run=RUN, step=f"stp_{step}", n=n, runtime="scripted",
            agent=VERIFIER if step == "verify" else CODER, company="Proveo" if step == "verify" else "CodeCraft",
            started_at=_at(start), ended_at=_at(end), last_progress=_at(end), state="succeeded", exit_code=0,
            folder=f"{HOME}/agents/{RUN}/{step}-{n}", role="verifier" if step == "verify" else "coder",
        )  # fmt: skip
        return replace(made, **more)  # type: ignore[arg-type]

    return (
        one(
            1, "build", "13:41:20", "13:43:10", commit="4c1d0aa", summary="Split by integer division; rest to the last."
        ),
        one(1, "verify", "13:44:02", "13:45:30", subject="4c1d0aa"),
        one(2, "build", "13:46:00", "13:49:12", commit="9f2c1ab", summary="Spread the rest one cent at a time."),
        one(2, "verify", "13:50:01", "13:52:40", subject="9f2c1ab"),
    )


def _thread() -> Thread:
    finding = Finding("block", "split(10, 4) gives [2, 2, 2, 4]: parts differ by two", ("pytest", "-k", "fair"), True)
    first = Verdict("changes_requested", "changes_requested", "4c1d0aa", ("A2 failed on the result",), (finding,), 3)
    second = Verdict("pass", "pass", "9f2c1ab", ("every required criterion passed",), (), 3)
    return Thread(
        id="thr_1", run=RUN, step="stp_build", coder=CODER, verifier=VERIFIER, trigger="operator", state="passed",
        round=2, verdicts=(first, second),
    )  # fmt: skip


def _messages() -> tuple[Message, ...]:
    said: tuple[tuple[str, Literal["request", "verdict"], str, str, str], ...] = (
        ("13:44:00", "request", CODER, VERIFIER, "Please check 4c1d0aa against A1, A2, A3."),
        ("13:45:31", "verdict", VERIFIER, CODER, "split(10, 4) gives [2, 2, 2, 4]: parts differ by two."),
        ("13:49:58", "request", CODER, VERIFIER, "Please check 9f2c1ab: the rest is spread now."),
        ("13:52:41", "verdict", VERIFIER, CODER, "All three criteria hold on 9f2c1ab; 13 of 13 tests pass."),
    )
    return tuple(
        Message(
            id=f"msg_{n}", run=RUN, thread="thr_1", seq=n, sender=sender, recipient=to, kind=kind, body=body,
            status="delivered", created_at=_at(at),
        )
        for n, (at, kind, sender, to, body) in enumerate(said, 1)
    )  # fmt: skip


def _evidence() -> tuple[Evidence, ...]:
    def item(n: int, name: str, claim: str, at: str, passed: int, failed: int, **more: object) -> Evidence:
        argv = ("python", "-m", "pytest", "-k", claim.lower())
        made = Evidence(
            id=f"evd_{n}", run=RUN, step="stp_verify", kind="test", claims=(claim,), path=f"evidence/{name}",
            sha256=digest(name), size=2048, capture="harness", captured_at=_at(at), title=name,
            polarity="refutes" if failed else "supports", outcome="failed" if failed else "passed",
            command=CommandRecord(argv, 1 if failed else 0, _at(at), _at(at)),
            tests=TestCounts(passed + failed, passed, failed), subject="9f2c1ab",
        )  # fmt: skip
        return replace(made, **more)  # type: ignore[arg-type]

    return (
        item(1, "baseline-A1.junit.xml", "A1", "13:41:05", 3, 3, baseline=True, subject="b0a5e11"),
        item(2, "verify-1-A2.junit.xml", "A2", "13:45:20", 4, 2, subject="4c1d0aa"),
        item(3, "verify-2-A1.junit.xml", "A1", "13:52:10", 6, 0),
        item(4, "verify-2-A2.junit.xml", "A2", "13:52:20", 6, 0),
        item(5, "verify-2-A3.junit.xml", "A3", "13:52:30", 1, 0),
        item(6, "result.patch", "A1", "13:52:50", 0, 0, kind="file", polarity="neutral", tests=None, command=None),
    )


def _costs() -> tuple[CostEntry, ...]:
    spent = (("build", 1, 140_000), ("verify", 1, 30_000), ("build", 2, 110_000), ("verify", 2, 30_000))
    return tuple(
        CostEntry(
            id=f"cst_{n}", run=RUN, step=f"stp_{step}", attempt=f"att_{step}{turn}", micros=micros, basis="reported",
            role="verifier" if step == "verify" else "coder", agent=VERIFIER if step == "verify" else CODER,
            thread="thr_1" if step == "verify" else "", model="scripted",
        )
        for n, (step, turn, micros) in enumerate(spent)
    )  # fmt: skip


_RUN = Run(
    id=RUN, goal=GOAL, priority="H", domain="backend", criteria=CRITERIA, state="awaiting_qa",
    risk=Risk("high", ("priority H", "backend")), verifier_reasons=("priority H",),
    route=Route("backend", "CodeCraft", "Proveo", "backend", ("split", "total"), 6, "frontend", 4),
    coder=Agent(CODER, "CodeCraft"), verifier=Agent(VERIFIER, "Proveo"), repo="/home/me/src/bill",
    base_commit="b0a5e11", result_commit="9f2c1ab", started_by="operator:me", created_at=_at("13:40:00"),
    updated_at=_at("13:56:00"),
)  # fmt: skip

VIEW = RunView(
    run=_RUN,
    steps=_steps(),
    attempts=_attempts(),
    threads=(_thread(),),
    messages=_messages(),
    gates=(Gate(id="gat_1", run=RUN, kind="qa", state="open", package=f"{HOME}/evidence/{RUN}/qa-1",
                package_digest=DIGEST, created_at=_at("13:56:00")),),
    evidence=_evidence(),
    packages=(Package(id="pkg_1", run=RUN, phase="qa", n=1, state="frozen", digest=DIGEST, score=100,
                      sufficient=True),),
    costs=_costs(),
    budgets=(
        Budget(id="bud_1", run=RUN, scope="run", subject=RUN, limit_micros=5_000_000, spent_micros=310_000),
        Budget(id="bud_2", run=RUN, scope="thread", subject="thr_1", limit_micros=250_000, spent_micros=60_000),
    ),
    blockers=(Blocker(id="blk_1", run=RUN, code="target_down", severity="warn", opened_at=_at("13:57:30"),
                      message="Knowledge pages wait: the target does not answer."),),
    outbox=(OutboxItem(id="out_1", run=RUN, target="knowledge", op="page", dedupe_key="k", state="queued", tries=3),),
    health=(PortHealth(id="knowledge", state="down", seen_at=_at("14:01:40"), outage_since=_at("13:57:30")),),
    as_of=NOW,
)  # fmt: skip

SOURCES = {"ledger": Source("live", 0.4)}


def status_of(view: RunView, sources: Mapping[str, Source]) -> Status:
    """The eight fields as the factory derives them."""
    return status(view, f"{HOME}/evidence/{view.run.id}", sources, NOW)


STATUS = status_of(VIEW, SOURCES)


def view_of(row: RunRow) -> RunView:
    """A view that fits a row: its steps, its agents, its cap."""
    kinds: list[str] = [step.kind for step in VIEW.steps]
    here = kinds.index(row.step_kind)
    states = ["passed"] * here + [row.step_state] + ["pending"] * (len(kinds) - here - 1)
    steps: list[Step] = []
    for step, state in zip(VIEW.steps, states, strict=True):
        changes: dict[str, Any] = {"id": f"stp_{row.id[-4:]}_{step.kind}", "run": row.id, "state": state}
        steps.append(replace(step, **changes, attempt_no=int(state != "pending")))
    facts: dict[str, Any] = {name: getattr(row, name) for name in ("id", "goal", "state", "priority", "domain")}
    facts |= {"coder": Agent("command:./coder.sh", "CodeCraft"), "verifier": Agent("command:./check.sh", "Proveo")}
    run = replace(_RUN, **facts, result_commit="")
    budget = Budget(id="bud_3", run=row.id, scope="run", subject=row.id, limit_micros=row.cap_micros)
    thread = replace(_thread(), run=row.id, state="prewired", round=0, verdicts=(), coder="command:./coder.sh",
                     verifier="command:./check.sh")  # fmt: skip
    return RunView(run=run, steps=tuple(steps), threads=(thread,), budgets=(budget,), as_of=NOW)


CARD = ReviewCard(
    run=RUN, goal=GOAL, digest=DIGEST, score=100, threshold=80, sufficient=True, reasons=(), verdict="pass",
    claims=STATUS.claims, evidence=tuple(item for item in STATUS.evidence if "verify-2" in item.path),
    diffstat={"files": 1, "added": 6, "removed": 2}, cost=STATUS.cost,
    risk={"level": "high", "reasons": ("priority H", "backend")}, self_approved=True,
    notes=("scripted agents: the mechanism is real, the work is prepared",),
)  # fmt: skip


def event(seq: int, at: str, run: str, actor: str, action: str, **detail: object) -> Event:
    """One event of the ledger."""
    return Event(
        seq=seq, at=_at(at), namespace="default", actor=actor, action=action, object=run, run=run, detail=detail,
        hash=digest(str(seq)),
    )  # fmt: skip


OUTPUT = """> Reading src/split.py and tests/test_split.py
The rest must be spread one cent at a time: divmod, not integer division.
$ git apply spread.patch
patched src/split.py (6 added, 2 removed)
$ python -m pytest -q
.............                                                            [100%]
13 passed in 0.41s
$ git commit -qam "split: spread the rest one cent at a time"
[9f2c1ab] split: spread the rest one cent at a time
> Done: every part differs from the others by at most one cent.
"""


def tail(folder: str, limit: int) -> str:
    """The output of the sample's attempts; of any other folder what is there."""
    return OUTPUT[-limit:] if folder.startswith(HOME) else output.tail(folder, limit)


EVENTS = (
    event(1, "13:44:00", RUN, "worker", "cost.record", micros=140_000, basis="reported"),
    event(2, "13:45:31", RUN, "worker", "cost.record", micros=30_000, basis="reported"),
    event(3, "13:49:12", RUN, "worker", "cost.record", micros=110_000, basis="reported"),
    event(4, "13:52:41", RUN, "worker", "cost.record", micros=30_000, basis="reported"),
    event(5, "13:52:41", RUN, "worker", "thread.decide", outcome="pass"),
    event(6, "13:53:00", ROWS[2].id, "worker", "step.stall", kind="build", silent_s=120),
    event(7, "13:56:00", RUN, "worker", "gate.open", kind="qa", score=100),
    event(8, "13:57:30", RUN, "worker", "blocker.open", code="target_down"),
    event(9, "13:58:40", ROWS[3].id, "operator:me", "run.pause"),
    event(10, "14:01:59", ROWS[0].id, "worker", "attempt.start", agent="command:./coder.sh", n=1),
)
