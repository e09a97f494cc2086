"""One knowledge page about all runs, queued when one has ended and only when it says something new."""

import json
from pathlib import Path

import pytest

from factory.model.outbox import METRICS, OutboxItem
from factory.model.run import Run
from factory.operations import inspect
from factory.operations.verbs import cancel
from factory.workflow import measuring
from factory.workflow.measuring import MetricsPage
from tests.unit.workflow.floor import Floor, write


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


async def ended(floor: Floor) -> str:
    """A run that was cancelled after its first attempt."""
    floor.agents.coder = [write("right")]
    run = floor.launch()
    await floor.go()
    cancel(floor.ports, run)
    await floor.go()
    return run


def queued(floor: Floor) -> tuple[OutboxItem, ...]:
    """The writes of the page."""
    return floor.ports.ledger.find(OutboxItem, order_key=METRICS)


async def test_the_page_is_queued_when_a_run_has_ended_and_not_before(floor: Floor) -> None:
    page = MetricsPage(floor.ports)
    floor.agents.coder = [write("right")]
    run = floor.launch()
    await floor.go()
    page.look()
    assert queued(floor) == ()
    cancel(floor.ports, run)
    await floor.go()
    page.look()
    (item,) = queued(floor)
    payload = json.loads(item.payload)
    assert (item.run, item.target, item.op, payload["ref"], payload["role"]) == (
        run, "knowledge", "page", METRICS, METRICS,
    )  # fmt: skip
    assert "- First-pass yield: nothing to count yet (n = 0)" in payload["text"]
    assert f"- {run}" in payload["text"]


async def test_what_it_says_already_is_not_sent_again(floor: Floor) -> None:
    await ended(floor)
    page = MetricsPage(floor.ports)
    page.look()
    page.look()
    MetricsPage(floor.ports).look()  # another worker, which has seen nothing
    assert len(queued(floor)) == 1


async def test_a_worker_that_starts_does_not_go_back_to_the_beginning(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ended(floor)
    monkeypatch.setattr(measuring, "LOOK_BACK", 0)
    MetricsPage(floor.ports).look()
    assert queued(floor) == ()


async def test_it_changes_no_run_and_no_index_of_pages(floor: Floor) -> None:
    run = await ended(floor)
    before = floor.ports.ledger.view(run)
    MetricsPage(floor.ports).look()
    after = floor.ports.ledger.view(run)
    assert (after.run, after.pages, after.packages) == (before.run, before.pages, before.packages)
    assert floor.ports.ledger.get(Run, run).state == "cancelled"


async def test_a_cost_that_nobody_knows_is_in_no_median(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    for cost in (10_000, None):
        floor.agents.coder = [write("right", cost_micros=cost)]
        floor.launch()
        await floor.go()
        floor.forget()
    found = inspect.report(floor.ports).summary
    assert (found.runs, found.unpriced, found.cost_micros.n) == (2, 1, 1)
