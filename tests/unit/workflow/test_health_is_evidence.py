"""What the systems around the factory answered last is kept with a run, and never counts for or against its claims."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from factory.model.evidence import Evidence
from factory.model.outbox import PortHealth
from factory.operations.verbs import cancel
from factory.workflow.assessing import quality_of
from tests.fakes.knowledge import FakeTarget
from tests.unit.workflow.floor import Floor, says, write

COPIES = {"page": ("bookstack", "sink:hive"), "remember": ("sink:hive",), "goal": ("mission",)}
SEEN = "2026-01-01T08:00:00.000Z"


class Wiki(FakeTarget):
    """A target that can be asked."""

    asks = "GET /api/books with our token"

    def probe(self) -> str:
        """Nobody asks it here. Raises when somebody does."""
        raise AssertionError("a run asks no system")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    floor = Floor(tmp_path)
    floor.ports = replace(floor.ports, copies=COPIES, targets={"bookstack": Wiki("bookstack")})
    floor.forget()
    known = [
        PortHealth(id="bookstack", state="up", seen_at=SEEN, latency_ms=12, release="v24.10.2"),
        PortHealth(id="mission", state="timeout", seen_at=SEEN, detail="It did not answer.", outage_since=SEEN),
    ]
    for port in known:
        floor.ports.ledger.write("worker", lambda tx, port=port: tx.put(port, "port.seen"))  # type: ignore[misc]
    floor.agents.coder, floor.agents.verifier = [write("right")], [says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch()
    return floor


def health_of(floor: Floor) -> dict[str, Evidence]:
    """The health checks of the run, by system."""
    items = [item for item in floor.view.evidence if item.kind == "health_check"]
    found = {said(floor, item)["system"]: item for item in items}
    assert len(found) == len(items), "one for each system"
    return found


def said(floor: Floor, item: Evidence) -> dict[str, Any]:
    """What its file says."""
    found = json.loads((floor.ports.evidence.root(floor.run_id) / item.path).read_text())
    assert isinstance(found, dict)
    return found


async def test_a_package_holds_what_each_configured_system_answered_last(floor: Floor) -> None:
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    found = health_of(floor)
    assert list(found) == ["bookstack", "sink:hive", "mission"]
    assert said(floor, found["bookstack"]) == {
        "system": "bookstack",
        "state": "up",
        "seen_at": SEEN,
        "latency_ms": 12,
        "version": "v24.10.2",
        "asked": "GET /api/books with our token",
        "detail": "",
        "outage_since": "",
    }
    assert [said(floor, found[name])["state"] for name in ("sink:hive", "mission")] == ["unknown", "timeout"]
    package = json.loads((Path(floor.gate.package) / "package.json").read_text())
    kept = [item["kind"] for item in package["predicate"]["evidence"]]
    assert kept.count("health_check") == 3


async def test_its_age_counts_from_the_answer_and_no_claim_from_it(floor: Floor) -> None:
    view = await floor.go()
    quality = quality_of(floor.ports, view)
    plain = quality_of(floor.ports, replace(view, evidence=tuple(e for e in view.evidence if e.kind != "health_check")))
    assert (quality.score, quality.claims, quality.reasons) == (plain.score, plain.claims, ())
    old = health_of(floor)["bookstack"]
    assert (old.captured_at, old.claims, old.polarity, old.capture) == (SEEN, (), "neutral", "harness")
    (checks,) = [score.checks for score in quality.items if score.evidence == old.id]
    assert [check.ok for check in checks if check.id == "freshness"] == [False]


async def test_a_run_without_systems_has_none(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    floor.agents.coder, floor.agents.verifier = [write("right")], [says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch()
    await floor.go()
    assert health_of(floor) == {}


async def test_a_cancelled_run_keeps_them_too(floor: Floor) -> None:
    cancel(floor.ports, floor.run_id)
    view = await floor.go()
    assert view.run.state == "cancelled"
    assert len(health_of(floor)) == 3
