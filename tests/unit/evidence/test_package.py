"""The statement has the structure that the domain promises, whatever the run was."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.audit import ChainHead, canonical_json
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Claim, ItemScore, Package, Quality, ScoreCheck
from factory.model.gate import Approval
from factory.model.outbox import OutboxItem, Page
from factory.model.run import Agent, Run
from factory.model.thread import Finding, Verdict
from factory.model.view import RunView
from factory.rules.package import first_float, statement
from tests.unit.rules.made import ATTEMPT, FINAL, PASS, at_qa, bare, item

NOW = "2026-11-23T10:30:00.000Z"
APPROVED = Package(id="pkg_1", run="run_1", phase="qa", n=1, state="approved", digest="d" * 64)
QUALITY = Quality(
    score=100,
    threshold=80,
    verdict="sufficient",
    claims=(Claim("A1", "parts sum to the total", True, "supported", 100, ("evd_a1",)),),
    items=(ItemScore("evd_a1", 100, (ScoreCheck("integrity", True, 20, "stored with its digest"),)),),
)


@dataclass(frozen=True)
class Maybe:
    """The shape, or null."""

    shape: Any


Text, Flag, Number = str, bool, int
Optional, Code = Maybe(Text), Maybe(Number)
Commit, SHA256 = Maybe({"gitCommit": Text}), {"sha256": Text}
# A list holds one shape for each of its parts; more keys than these are a mistake.
SHAPE: dict[str, Any] = {
    "_type": Text,
    "subject": [{"name": Text, "digest": dict}],
    "predicateType": Text,
    "predicate": {
        "schemaVersion": Text,
        "phase": Text,
        "generatedAt": Text,
        "generator": {"name": Text, "version": Text},
        "run": {
            "id": Text, "goal": Text, "priority": Text, "domain": Text, "state": Text, "stateReason": Optional,
            "workflow": {"name": Text, "version": Text, "sha256": Text}, "risk": {"level": Text, "reasons": [Text]},
            "verifierRequired": Flag, "allowGreenBaseline": Flag, "leftOut": [Text], "startedBy": Text,
            "supersedes": Optional,
        },
        "agents": {
            role: {"name": Text, "company": Text, "scripted": Flag} for role in ("coder", "verifier")
        },
        "route": {
            "builder": Text, "verifier": Text, "rule": Text, "matched": [Text], "score": Number, "table": Text,
            "override": Optional,
        },
        "tasks": {"parent": Text, "children": [{"id": Text, "step": Text, "state": Text, "reason": Optional}]},
        "pages": [{"role": Text, "ref": Text, "sha256": Text, "indexState": Text}],
        "source": {"baseCommit": Optional, "resultCommit": Optional, "diffSha256": Optional},
        "claims": [{
            "id": Text, "text": Text, "required": Flag, "status": Text, "evidence": [Text], "score": Number,
            "reasons": [Text],
        }],
        "evidence": [{
            "id": Text, "kind": Text, "title": Text, "polarity": Text, "claims": [Text], "path": Text,
            "digest": SHA256, "size": Number, "capture": Text, "capturedBy": {"actor": Text, "role": Text},
            "capturedAt": Text, "step": Optional, "attempt": Optional, "source": Optional, "baseline": Flag,
            "outcome": Optional,
            "command": Maybe({
                "argv": [Text], "cwd": Text, "exitCode": Code, "startedAt": Text, "endedAt": Text, "timedOut": Flag,
            }),
            "tests": Maybe({
                "collected": Number, "passed": Number, "failed": Number, "errors": Number, "skipped": Number,
                "failedIds": [Text],
            }),
            "subject": Commit,
            "redactions": Number, "score": Number,
            "checks": [{"id": Text, "ok": Flag, "points": Number, "why": Text}],
        }],
        "attempts": [{
            "id": Text, "step": Text, "kind": Optional, "n": Number, "role": Text, "agent": Text, "company": Text,
            "runtime": Text, "scripted": Flag, "model": Optional, "state": Text, "endReason": Optional,
            "exitCode": Code, "startedAt": Optional, "endedAt": Optional, "subject": Commit,
            "commit": Commit, "artefacts": [SHA256], "summary": Text, "late": Flag, "costMicros": Number,
        }],
        "threads": [{
            "id": Text, "step": Text, "coder": Text, "verifier": Text, "trigger": Optional, "rounds": Number,
            "maxRounds": Number, "endState": Text, "capMicros": Number, "costMicros": Number,
            "verdicts": [{
                "verdict": Text, "said": Optional, "subject": Commit, "reasons": [Text],
                "findings": [{"severity": Text, "text": Text, "command": [Text], "confirmed": Flag}],
                "commandsRun": Number,
            }],
        }],
        "cost": {
            "currency": Text, "totalMicros": Number, "byRole": dict,
            "caps": [{
                "scope": Text, "subject": Text, "limitMicros": Number, "spentMicros": Number,
                "reservedMicros": Number, "overshootMicros": Number, "state": Text,
            }],
            "unpriced": [{"attempt": Text, "role": Text, "agent": Text}],
        },
        "gates": [{
            "id": Text, "kind": Text, "state": Text, "requirements": [Text], "packageDigest": Optional,
            "decisions": [{
                "id": Text, "decision": Text, "actor": Text, "role": Text, "surface": Text, "reason": Text,
                "packageDigest": Optional, "viewed": [Text], "openMs": Number, "selfApproved": Flag, "at": Text,
            }],
        }],
        "quality": {"score": Number, "threshold": Number, "verdict": Text, "rubric": Text, "reasons": [Text]},
        "blockers": [{
            "id": Text, "code": Text, "severity": Text, "message": Text, "cause": Optional, "openedAt": Text,
            "resolvedAt": Optional, "resolution": Optional,
        }],
        "writeback": [{
            "id": Text, "target": Text, "op": Text, "dedupeKey": Text, "payloadSha256": Text, "state": Text,
            "remoteRef": Optional,
        }],
        "audit": {"count": Number, "headHash": Text},
        "approvedPackage": Maybe({"id": Text, "digest": SHA256}),
    },
}  # fmt: skip


def misfits(value: object, shape: Any, where: str = "$") -> list[str]:
    """Where a value has not the shape."""
    if isinstance(shape, dict):
        if not isinstance(value, dict) or value.keys() != shape.keys():
            return [f"{where}: {sorted(value) if isinstance(value, dict) else value!r}"]
        return [misfit for key in shape for misfit in misfits(value[key], shape[key], f"{where}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where}: {value!r}"]
        return [misfit for n, part in enumerate(value) for misfit in misfits(part, shape[0], f"{where}[{n}]")]
    if isinstance(shape, Maybe):
        return [] if value is None else misfits(value, shape.shape, where)
    return [] if type(value) is shape else [f"{where}: {value!r}"]


def everything() -> RunView:
    """A run with at least one of each thing that a package speaks of."""
    view = at_qa()
    approval = Approval(
        id="apr_1", run="run_1", gate="gat_1", decision="approve", actor="operator:ana", viewed=("A1",), open_ms=4000
    )
    refused = Verdict(
        "changes_requested", "changes_requested", FINAL, ("A2 failed",), (Finding("block", "off", ("x",), True),), 2
    )
    costs = (
        CostEntry(
            id="cst_1", run="run_1", step="stp_build", attempt="att_1", role="coder", agent="c", micros=1200,
            basis="reported",
        ),
        CostEntry(
            id="cst_2", run="run_1", step="stp_verify", attempt="att_2", thread="thr_1", role="verifier", agent="v",
            micros=300, basis="reported",
        ),
        CostEntry(id="cst_3", run="run_1", step="stp_verify", attempt="att_3", role="verifier", agent="v"),
    )  # fmt: skip
    return replace(
        view,
        threads=(replace(view.threads[0], verdicts=(refused, PASS)),),
        approvals=(approval,),
        evidence=(*view.evidence, bare("screenshot", kind="file", subject="", capture="file")),
        costs=costs,
        budgets=(Budget(id="bud_1", run="run_1", scope="run", subject="run_1", limit_micros=5_000_000),),
        blockers=(Blocker(id="blk_1", run="run_1", code="no_change", severity="block", message="nothing changed"),),
        outbox=(OutboxItem(id="out_1", run="run_1", target="knowledge", op="page", dedupe_key="k", payload="{}"),),
        pages=(Page(id="pag_1", run="run_1", role="request", ref="request.md"),),
        head=ChainHead(42, "a" * 64),
    )


def made(view: RunView, quality: Quality = QUALITY, approved: Package | None = None) -> dict[str, Any]:
    """The statement of a view."""
    return statement(view, quality, "qa", NOW, "0.1.0", "e" * 64, approved)


NOTHING = RunView(run=Run(id="run_1", goal="nothing yet"))
INSUFFICIENT = Quality(0, 80, "insufficient", reasons=("No required claim is made.",))


@pytest.mark.parametrize("view", [everything(), at_qa(), NOTHING])
def test_every_key_is_there_and_no_other(view: RunView) -> None:
    assert misfits(made(view), SHAPE) == []
    assert misfits(made(view, INSUFFICIENT, APPROVED), SHAPE) == []


def test_the_shape_would_notice() -> None:
    body = made(everything())
    body["predicate"]["cost"]["totalMicros"] = 0.0015
    del body["predicate"]["audit"]["count"]
    assert len(misfits(body, SHAPE)) == 2


def test_nothing_is_a_float() -> None:
    assert first_float(made(everything())) == ""
    assert first_float({"a": [1, {"b": 1.0}]}) == "$.a[1].b"


def test_the_same_view_gives_the_same_bytes() -> None:
    assert canonical_json(made(everything())) == canonical_json(made(everything()))
    assert json.loads(canonical_json(made(everything()))) == made(everything())


def test_every_file_and_the_result_is_a_subject() -> None:
    view = replace(at_qa(), evidence=(item("b"), item("a"), item("again", path="store/a.xml")))
    assert made(view)["subject"] == [
        {"name": "evidence/a.xml", "digest": {"sha256": "0" * 64}},
        {"name": "evidence/b.xml", "digest": {"sha256": "0" * 64}},
        {"name": "result", "digest": {"gitCommit": FINAL}},
    ]


def test_a_run_without_a_result_is_about_its_base() -> None:
    run = replace(at_qa().run, result_commit="")
    assert made(replace(at_qa(), run=run, evidence=()))["subject"] == [
        {"name": "base", "digest": {"gitCommit": run.base_commit}}
    ]


def test_evidence_carries_its_score_and_its_checks() -> None:
    first, second = made(at_qa())["predicate"]["evidence"]
    assert (first["score"], [check["id"] for check in first["checks"]]) == (100, ["integrity"])
    assert (second["score"], second["checks"]) == (0, [])
    assert first["command"]["exitCode"] == 0
    assert first["tests"]["passed"] == 13


def test_money_is_summed_by_role_and_the_unpriced_is_named() -> None:
    cost = made(everything())["predicate"]["cost"]
    assert (cost["totalMicros"], cost["byRole"]) == (1500, {"coder": 1200, "verifier": 300})
    assert cost["unpriced"] == [{"attempt": "att_3", "role": "verifier", "agent": "v"}]
    assert made(everything())["predicate"]["threads"][0]["costMicros"] == 300


def test_a_decision_stands_at_its_gate() -> None:
    gate = made(everything())["predicate"]["gates"][0]
    assert [(decision["actor"], decision["viewed"]) for decision in gate["decisions"]] == [("operator:ana", ["A1"])]


def test_the_final_package_names_the_approved_one() -> None:
    body = made(everything(), approved=APPROVED)
    assert body["predicate"]["approvedPackage"] == {"id": "pkg_1", "digest": {"sha256": "d" * 64}}
    assert made(everything())["predicate"]["approvedPackage"] is None


@pytest.mark.parametrize(
    ("name", "runtime", "is_scripted"),
    [("scripted:demo.json", "", True), ("demo-coder", "scripted", True), ("command:scripted", "command", False)],
)
def test_a_scripted_agent_says_so(name: str, runtime: str, is_scripted: bool) -> None:
    attempt = replace(ATTEMPT, agent=name, runtime=runtime)
    view = replace(at_qa(), run=replace(at_qa().run, coder=Agent(name, "CodeCraft")), attempts=(attempt,))
    predicate = made(view)["predicate"]
    assert predicate["agents"]["coder"]["scripted"] is is_scripted
    assert predicate["attempts"][0]["scripted"] is is_scripted
    assert predicate["agents"]["verifier"]["scripted"] is False


@given(st.text())
def test_the_goal_stays_verbatim(goal: str) -> None:
    view = replace(NOTHING, run=replace(NOTHING.run, goal=goal))
    assert json.loads(canonical_json(made(view)))["predicate"]["run"]["goal"] == goal
