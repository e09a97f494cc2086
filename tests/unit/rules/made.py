"""Values that rule tests start from: a run that went well, and its parts. Each test changes what it is about."""

from dataclasses import replace
from typing import Any

from factory.model.evidence import CommandRecord, Evidence, Package, TestCounts
from factory.model.gate import Gate
from factory.model.run import Agent, Criterion, Risk, Route, Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread, Verdict
from factory.model.view import RunView

BASE = "b" * 40
EARLIER = "e" * 40
FINAL = "f" * 40
CHANGED = "2026-11-23T10:00:00.000Z"
LATER = "2026-11-23T10:05:00.000Z"
NOW = "2026-11-23T10:30:00.000Z"
DIGEST = "d" * 64
ROOT = "/home/evidence/run_1"

A1 = Criterion("A1", "parts sum to the total", ("python3", "-m", "pytest", "-q"))
A2 = Criterion("A2", "parts differ by at most one cent", ("python3", "-m", "pytest", "-q"))

RUN = Run(
    id="run_1",
    goal="Fix split(): parts must add up to the total",
    priority="H",
    domain="backend",
    criteria=(A1, A2),
    risk=Risk("high", ("the priority is H",)),
    route=Route("backend", "CodeCraft", "Proveo"),
    coder=Agent("command:/bin/coder", "CodeCraft"),
    verifier=Agent("command:/bin/verifier", "Proveo"),
    base_commit=BASE,
    started_by="operator:ana",
    state="running",
    created_at="2026-11-23T09:00:00.000Z",
    updated_at=NOW,
)


def command(exit_code: int | None = 0, *argv: str) -> CommandRecord:
    """A command that ended with this exit code."""
    return CommandRecord(argv or ("make", "check"), exit_code, CHANGED, LATER)


def counts(passed: int = 13, failed: int = 0, skipped: int = 0) -> TestCounts:
    """A parsed report."""
    return TestCounts(collected=passed + failed + skipped, passed=passed, failed=failed, skipped=skipped)


def item(name: str = "junit", **changes: Any) -> Evidence:
    """Tests that the factory ran on the final commit, for A1: worth 100."""
    full = Evidence(
        id=f"evd_{name}",
        run="run_1",
        kind="test",
        polarity="supports",
        claims=("A1",),
        path=f"store/{name}.xml",
        sha256="0" * 64,
        size=10,
        capture="harness",
        role="factory",
        captured_at=LATER,
        command=command(0, "python3", "-m", "pytest"),
        tests=counts(),
        subject=FINAL,
        title=f"{name}.xml",
        outcome="passed",
    )
    return replace(full, **changes)


def bare(name: str, **changes: Any) -> Evidence:
    """The same without command, report or outcome: something somebody put there."""
    return item(name, **{"command": None, "tests": None, "outcome": "", **changes})


def step(kind: Any, order: int, state: Any, **changes: Any) -> Step:
    """A step of the run."""
    return Step(id=f"stp_{kind}", run="run_1", kind=kind, order=order, state=state, attempt_no=1, **changes)


def steps(build: str, verify: str = "pending", qa: str = "pending") -> tuple[Step, ...]:
    """All six steps, with these three as they are; the plan is done, the rest is to come."""
    return (
        step("plan", 1, "passed"),
        step("build", 2, build),
        step("verify", 3, verify),
        step("qa", 4, qa),
        step("docs", 5, "pending"),
        step("writeback", 6, "pending"),
    )


ATTEMPT = Attempt(
    id="att_1",
    run="run_1",
    step="stp_build",
    n=1,
    agent="command:/bin/coder",
    company="CodeCraft",
    started_at="2026-11-23T09:50:00.000Z",
    ended_at=CHANGED,
    state="succeeded",
    commit=FINAL,
    artefacts=(DIGEST,),
)
THREAD = Thread(id="thr_1", run="run_1", step="stp_build", coder=RUN.coder.name, verifier=RUN.verifier.name)
PASS = Verdict("pass", "pass", FINAL, commands_run=3)
REQUEST = Message(
    id="msg_1",
    run="run_1",
    thread="thr_1",
    seq=1,
    sender="operator:ana",
    recipient=RUN.verifier.name,
    kind="request",
    body="please check",
)
PACKAGE = Package(
    id="pkg_1",
    run="run_1",
    phase="qa",
    n=1,
    state="frozen",
    path=f"{ROOT}/packages/qa-1",
    digest=DIGEST,
    score=100,
    sufficient=True,
    result_commit=FINAL,
)
GATE = Gate(id="gat_1", run="run_1", kind="qa", state="open", package=PACKAGE.path, package_digest=DIGEST)


def building() -> RunView:
    """The coder works, nothing is delivered."""
    attempt = replace(ATTEMPT, state="running", ended_at="", commit="", artefacts=(), reserved_micros=50_000)
    return RunView(run=RUN, steps=steps("running"), attempts=(attempt,), threads=(THREAD,), as_of=NOW)


def delivered() -> RunView:
    """Artefacts are ready; nothing has been sent to the verifier."""
    run = replace(RUN, result_commit=FINAL)
    built = steps("awaiting_verdict", "running")
    return RunView(run=run, steps=built, attempts=(ATTEMPT,), threads=(THREAD,), as_of=NOW)


def at_qa() -> RunView:
    """Everything is proven and waits for the operator."""
    thread = replace(THREAD, state="passed", round=1, trigger="operator", verdicts=(PASS,))
    return RunView(
        run=replace(RUN, result_commit=FINAL, state="awaiting_qa"),
        steps=steps("passed", "passed", "running"),
        attempts=(ATTEMPT,),
        threads=(thread,),
        messages=(REQUEST,),
        gates=(GATE,),
        packages=(PACKAGE,),
        evidence=(item("a1"), item("a2", claims=("A2",))),
        as_of=NOW,
    )
