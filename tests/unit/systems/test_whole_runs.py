"""A whole run beside three real systems, each of which fails in every way, from every stage on: it does not notice."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from adapters.knowledge.plain import BEGIN, END
from tests.support.faults import FAULTS, Fault
from tests.unit.systems.town import STAGES, SYSTEMS, Outage, Stage, System, Town

TOLD_ONCE = {name: ["port.outage", "port.recovered"] for name in SYSTEMS}
BETWEEN_AGENTS: tuple[Stage, ...] = ("start", "request", "qa", "closing", "written")


async def test_three_systems_that_work_hold_a_run_once(tmp_path: Path) -> None:
    town = Town(tmp_path, {})
    await town.play()
    all_is_there_once(town)
    assert town.alerts() == {}


def pairs() -> Iterator[Any]:
    """Every fault in every stage; two stages of each, other ones for its neighbours, are quick."""
    for fault, stage in product(range(len(FAULTS)), range(len(STAGES))):
        is_quick = (stage - 2 * fault) % len(STAGES) in (0, 3)
        yield pytest.param(fault, stage, marks=() if is_quick else pytest.mark.slow)


@pytest.mark.parametrize(("fault", "stage"), pairs())
async def test_each_system_fails_in_each_way_from_each_stage_on(tmp_path: Path, fault: int, stage: int) -> None:
    """Over all parameters, each of the three meets every fault in every stage, while the others fail otherwise."""
    outages: dict[System, Outage] = {}
    for place, name in enumerate(SYSTEMS):
        way, begins = FAULTS[(fault + 4 * place) % len(FAULTS)], STAGES[(stage + 2 * place) % len(STAGES)]
        is_short = (fault + stage + place) % 2 == 0
        outages[name] = Outage(way, begins, is_short, has_effect=is_short)
    town = Town(tmp_path, outages)
    await town.play()
    all_is_there_once(town)
    assert town.alerts() == TOLD_ONCE


@pytest.mark.parametrize("fault", FAULTS)
async def test_all_fail_in_one_way_from_start_to_end(tmp_path: Path, fault: Fault) -> None:
    town = Town(tmp_path, dict.fromkeys(SYSTEMS, Outage(fault, "start", has_effect=True)))
    await town.play()
    all_is_there_once(town)
    assert town.alerts() == TOLD_ONCE


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("begins", ["start", "closing"])
async def test_the_others_do_not_notice_that_one_is_away(tmp_path: Path, name: System, begins: Stage) -> None:
    town = Town(tmp_path, {name: Outage("hang", begins, has_effect=True)})
    await town.play()
    town.look(6)
    assert {item.target for item in town.items() if item.state != "delivered"} == {name}
    all_is_there_once(town)
    assert town.alerts() == {name: TOLD_ONCE[name]}


@pytest.mark.parametrize("killed_in", BETWEEN_AGENTS)
@pytest.mark.parametrize("fault", ["refuse", "cut", "broken"])
async def test_a_new_worker_in_the_outage_tells_it_no_second_time(
    tmp_path: Path, fault: Fault, killed_in: Stage
) -> None:
    town = Town(tmp_path, dict.fromkeys(SYSTEMS, Outage(fault, "start", has_effect=True)), killed_in)
    await town.play()
    all_is_there_once(town)
    assert town.alerts() == TOLD_ONCE


def all_is_there_once(town: Town) -> None:
    """The run is done, nothing is in its way, and each system holds what it should, a single time."""
    view = town.floor.view
    assert view.run.state == "done"
    town.settle()
    assert [blocker.code for blocker in town.floor.view.open_blockers] == []
    _pages_are_there(town)
    _lesson_is_there(town)
    _mirror_is_there(town)


def _pages_are_there(town: Town) -> None:
    written = {payload["role"]: payload["text"] for payload in _payloads(town, "bookstack")}
    found = [
        ({tag["name"]: tag["value"] for tag in page["tags"]}, page["markdown"]) for page in town.wiki.pages.values()
    ]
    assert Counter(tags["factory-page"] for tags, _ in found) == Counter(
        ("request", "status", "evidence", "postflight")
    )
    for tags, text in found:
        assert _generated(written[tags["factory-page"]]) in text
    assert len(town.wiki.things["books"]) == len(town.wiki.things["shelves"]) == 1


def _generated(text: str) -> str:
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()


def _lesson_is_there(town: Town) -> None:
    (lesson,) = _payloads(town, "lightrag")
    (document,) = town.rag.documents.stored.values()
    assert document["status"] == "processed"
    assert lesson["text"] in town.rag.documents.text_of(document)


def _mirror_is_there(town: Town) -> None:
    books = town.mission.books
    tasks = sorted((task["metadata"]["kind"], task["status"]) for task in books.tasks.values())
    assert tasks == [("gate", "done"), ("goal", "done")]
    runs = sorted((run["status"], run["cost"]["cost_usd"]) for run in books.runs.values())
    assert runs == [("completed", 0.01), ("completed", 0.02)]
    said = [comment["content"].rsplit("\n", 1)[1] for comment in books.comments]
    assert sorted(said) == sorted(f"[{message.id}]" for message in town.floor.view.messages)
    assert town.mission.sins == []


def _payloads(town: Town, target: str) -> list[dict[str, str]]:
    return [json.loads(item.payload) for item in town.items(target)]
