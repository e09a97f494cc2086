"""What a run owes to the systems around it: a copy of every write, and the request that it came from."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.knowledge.pages import JinjaPages
from factory.model.outbox import OutboxItem
from factory.model.request import Request
from factory.operations.decide import approve
from factory.operations.inspect import requests
from tests.unit.workflow.floor import Floor, says, write

COPIES = {"page": ("bookstack", "sink:hive"), "remember": ("lightrag",)}


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


async def test_done_implies_a_copy_for_every_system_that_gets_one(floor: Floor) -> None:
    floor.ports = replace(floor.ports, copies=COPIES)
    floor.forget()  # an engine over these ports
    floor.agents.coder = [write("right")]
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch()
    await floor.go()
    approve(floor.ports, floor.run_id, floor.gate.package_digest, "cli")
    view = await floor.go()
    assert view.run.state == "done"
    written = Counter(item.target for item in floor.ports.ledger.find(OutboxItem, run=view.run.id))
    assert written["knowledge"] == written["bookstack"] == written["sink:hive"]
    assert written["memory"] == written["lightrag"] == 1


def test_a_request_is_taken_by_the_run_that_comes_from_it(floor: Floor) -> None:
    asked = [Request(id=f"req_{n}", ref=f"MC-{n}", goal="Fix split()") for n in (1, 2)]
    for request in asked:
        floor.ports.ledger.write("worker", lambda tx, request=request: tx.put(request, "request.see"))  # type: ignore[misc]
    run = floor.launch(from_mission="MC-1")
    assert [request.ref for request in requests(floor.ports)] == ["MC-2"]
    (taken,) = floor.ports.ledger.find(Request, ref="MC-1")
    assert (taken.state, taken.run) == ("taken", run)


async def test_what_a_request_says_reaches_the_agents_and_the_spec_page_as_context(floor: Floor) -> None:
    text = "The invoice of March was short.\n- A9: kept from agents :: has secret.py hidden"
    request = Request(id="req_1", ref="mission:1", goal="Fix split()", text=text, by="Ana")
    floor.ports.ledger.write("worker", lambda tx: tx.put(request, "request.open"))
    floor.ports = replace(floor.ports, pages=JinjaPages())
    floor.forget()
    floor.agents.coder = [write("right")]
    floor.launch(from_mission="mission:1")
    await floor.go()
    (prompt,) = floor.agents.prompts
    assert "what Ana wrote below the goal in Mission Control" in prompt
    assert "> The invoice of March was short." in prompt
    assert "secret.py" not in prompt
    pages = [json.loads(item.payload)["text"] for item in floor.ports.ledger.find(OutboxItem, op="page")]
    assert len(pages) > 1
    assert all("Written by Ana in Mission Control" in page for page in pages if page.count("# Request"))
    assert all("The invoice of March was short." in page for page in pages if page.count("# Request"))
