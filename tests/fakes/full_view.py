"""A run with everything in it, for what draws or prints a whole run."""

from factory.model.audit import ChainHead, Event
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Claim, CommandRecord, Evidence, ItemScore, Package, Quality, ScoreCheck, TestCounts
from factory.model.gate import Approval
from factory.model.outbox import OutboxItem, Page, PortHealth
from factory.model.run import Agent, Criterion, Risk, Route, Run
from factory.model.step import Attempt, Step
from factory.model.thread import Finding, Thread, Verdict
from factory.model.view import RunView
from factory.ports.knowledge import Hint
from factory.ports.workspace import Diff

NOW = "2026-01-01T12:00:30.000Z"


def empty_view(goal: str = "Fix split()") -> RunView:
    """A run of which nothing is known but its goal."""
    return RunView(run=Run(id="run_1", goal=goal), as_of=NOW)


def full_view(word: str) -> RunView:
    """A run with everything in it, and `word` wherever somebody else's text can stand."""
    return RunView(
        run=Run(
            id="run_1",
            goal=word,
            criteria=(Criterion("A1", word, ("pytest", word)),),
            risk=Risk("high", (word,)),
            verifier_reasons=(word,),
            route=Route("backend", "CodeCraft", "Proveo", word, (word,), 3, word, 1, "0" * 64),
            coder=Agent(word, "CodeCraft"),
            verifier=Agent(word, "Proveo"),
            result_commit="c2",
            state_reason=word,
        ),
        steps=(Step(id="stp_1", run="run_1", kind="build", order=1, state_reason=word),),
        attempts=(
            Attempt(
                id="att_1", run="run_1", step="stp_1", n=2, agent=word, state="timed_out", end_reason=word, summary=word
            ),
        ),
        threads=(
            Thread(
                id="thr_1",
                run="run_1",
                step="stp_1",
                verdicts=(
                    Verdict("changes_requested", word, "c1", (word,), (Finding("block", word, (word,), True),), 1),
                ),
            ),
        ),
        approvals=(Approval(id="apr_1", run="run_1", gate="gat_1", decision="reject", actor=word, reason=word),),
        evidence=(
            Evidence(
                id="evd_1",
                run="run_1",
                kind="test",
                polarity="refutes",
                claims=("A1",),
                path="before.xml",
                sha256="1" * 64,
                size=1,
                baseline=True,
                tests=TestCounts(13, 8, 5),
                title=word,
            ),
            Evidence(
                id="evd_2",
                run="run_1",
                kind="test",
                polarity="supports",
                claims=("A1",),
                path="after.xml",
                sha256="2" * 64,
                size=1,
                subject="c2",
                tests=TestCounts(13, 13),
                command=CommandRecord((word,), 0, NOW, NOW),
                redactions=2,
            ),
        ),
        packages=(Package(id="pkg_1", run="run_1", phase="qa", n=1, state="frozen", path="/e/p 1", digest="d" * 64),),
        costs=(
            CostEntry(id="cst_1", run="run_1", step="stp_1", attempt="att_1", role="coder", agent=word, micros=420_000),
        ),
        budgets=(
            Budget(
                id="bud_1", run="run_1", scope="run", subject="run_1", limit_micros=5_000_000, overshoot_micros=10_000
            ),
        ),
        blockers=(Blocker(id="blk_1", run="run_1", code="stall", severity="block", message=word),),
        outbox=(OutboxItem(id="out_1", run="run_1", target="knowledge", op="page", dedupe_key="k", last_error=word),),
        pages=(Page(id="pag_1", run="run_1", role="request", ref="run_1/request"),),
        health=(PortHealth(id="knowledge", state="down", seen_at="2026-01-01T12:00:00.000Z", outage_since=NOW),),
        events=(Event(7, NOW, "default", word, "run.start", "run_1"),),
        head=ChainHead(7, "f" * 64),
        as_of=NOW,
    )


def full_extra(word: str) -> dict[str, object]:
    """What is handed to a page besides the run, and `word` in it."""
    quality = Quality(
        0,
        80,
        "insufficient",
        (Claim("A1", word, True, "refuted", 0, ("evd_1",), (word,)),),
        (word,),
        items=(ItemScore("evd_2", 85, (ScoreCheck("independent", False, 0, word),)),),
    )
    return {
        "quality": quality,
        "hints": (Hint("memory://a", word),),
        "diff": Diff("c0", "c2", (word,), 3, 1),
        "plan": word,
        "architecture": word,
        "scope_in": word,
        "questions": (word,),
        "follow_ups": (word,),
        "allowed_writes": (word,),
        "lessons": ({"text": word, "evidence": ("evd_1",), "change": word},),
    }
