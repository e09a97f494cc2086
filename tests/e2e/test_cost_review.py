"""A peer that has used up its cap: more than a dollar is rejected, asked for again, approved, and the goal is done."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import WAIT_S, Cockpit, cockpit, make_repository

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

GOAL = "Fix the total() function: every price counts"
CHECK = "python3 -c 'import price; assert price.total([1, 2, 3]) == 6'"
ASK = ("--scope", "thread", "--reason", "it found a bug, and one round is left", "--review")


def _turn(role: str, attempt: int, *actions: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "attempt": attempt, "actions": list(actions)}


def _verdict(word: str, usd: float) -> dict[str, Any]:
    verdict = {
        "verdict": word, "subject": "${COCKPIT_SUBJECT}", "findings": [], "commands": [CHECK],
        "criteria": [{"id": "A1", "status": "supported"}],
    }  # fmt: skip
    return {"result": {"summary": "looked at it", "cost_usd": usd, "verdict": verdict}}


def _writes(text: str) -> tuple[dict[str, Any], ...]:
    source = f"def total(prices):\n    return {text}\n"
    return {"write": "price.py", "text": source}, {"result": {"summary": "done", "cost_usd": 0.01}}


def _agents(folder: Path) -> tuple[str, ...]:
    """A coder that is right at the second try, and a verifier whose first look costs a cent more than its cap."""
    coder = [_turn("coder", 1, *_writes("sum(prices[2:])")), _turn("coder", 2, *_writes("sum(prices)"))]
    peer = [_turn("verifier", 1, _verdict("changes_requested", 0.26)), _turn("verifier", 2, _verdict("pass", 0.10))]
    for name, turns in (("coder", coder), ("verifier", peer)):
        (folder / f"{name}.json").write_text(json.dumps({"turns": turns}))
    return "--coder", f"scripted:{folder / 'coder.json'}", "--verifier", f"scripted:{folder / 'verifier.json'}"


def _cap(status: dict[str, Any], scope: str) -> dict[str, Any]:
    return next(cap for cap in status["caps"] if cap["scope"] == scope)


def _wish(at: Cockpit, run: str, usd: str) -> str:
    assert at.ok("cap", run, usd, *ASK) == {"run": run, "state": "paused", "event": "cost_review.ask"}
    assert at.status(run)["next_action"]["code"] == "review_cost"
    return str(at.ok("review", run)["digest"])


def test_a_peer_at_its_cap_goes_on_when_a_person_has_approved_more(tmp_path: Path) -> None:
    repo = make_repository(tmp_path / "repo", {"price.py": "def total(prices):\n    return sum(prices[1:])\n"})
    with cockpit(tmp_path / "home") as at:
        run = at.start(GOAL, repo, "--accept", f"A1: every price counts :: {CHECK}", *_agents(tmp_path))
        status = at.drive(run)
        assert status["state"] == "paused"
        thread = _cap(status, "thread")
        assert (thread["cap"], thread["spent"], thread["over"], thread["left"]) == (250_000, 260_000, 10_000, 0)
        assert "--scope thread" in status["next_action"]["command"]
        assert at.call("cap", run, "1.50", *ASK[:-1]).code == "review_required"

        _wish(at, run, "3")
        at.ok("reject", run, "--reason", "three dollars are too much")
        status = at.status(run)
        assert (status["state"], [one["code"] for one in status["blockers"]]) == ("paused", ["cap_exceeded"])
        assert _cap(status, "thread")["cap"] == 250_000

        old, new = _wish(at, run, "2"), _wish(at, run, "1.50")
        assert at.call("approve", run, "--digest", old).code == "stale_package"
        made = at.ok("approve", run, "--digest", new)
        assert made["state"] == "running"
        status = at.drive(run)
        assert (status["state"], _cap(status, "thread")["spent"]) == ("awaiting_qa", 360_000)
        assert at.approve(run).exit_code == 0
        at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))
        decisions = [event["detail"]["decision"] for event in at.events(run) if event["action"] == "gate.decide"]
        assert decisions == ["reject", "approve", "approve"]
        assert at.ok("audit", "verify")["ok"]
