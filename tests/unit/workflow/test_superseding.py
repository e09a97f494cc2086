"""A run that replaces the result of another one is late rework of that one."""

from pathlib import Path

import pytest

from factory.errors import Missing, Refused
from factory.operations import inspect
from factory.operations.decide import approve
from factory.operations.verbs import cancel
from tests.unit.workflow.floor import Floor, says, write


async def finished(floor: Floor, **changes: object) -> str:
    """A run that is done; its id."""
    floor.agents.coder.append(write("right"))
    floor.agents.verifier.append(says("pass", ["has calc.py right"]))
    floor.on_wait = [floor.press_v]
    run = floor.launch(**changes)
    await floor.go()
    approve(floor.ports, run, floor.gate.package_digest)
    assert (await floor.go()).run.state == "done"
    floor.forget()
    return run


async def test_the_run_that_is_named_is_replaced_and_counts_as_reworked(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    first = await finished(floor)
    assert inspect.metrics(floor.ports, first)[0].late_rework == 0
    floor.launch(supersedes=first)
    assert floor.run.supersedes == first
    assert inspect.metrics(floor.ports, first)[0].late_rework == 1
    assert inspect.report(floor.ports).summary.late_rework == 1


async def test_a_second_launch_from_one_task_replaces_the_first(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    first = await finished(floor, from_mission="mission:7")
    floor.launch(from_mission="mission:7")
    assert floor.run.supersedes == first
    floor.launch(from_mission="mission:8")
    assert floor.run.supersedes == ""


def test_a_run_that_goes_on_cannot_be_replaced_yet(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    first = floor.launch()
    with pytest.raises(Refused, match=f"{first} is ready") as refused:
        floor.launch(supersedes=first)
    assert refused.value.code == "no_result"
    assert f"cockpit cancel {first}" in refused.value.hint


def test_a_run_that_is_not_there_cannot_be_replaced(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        Floor(tmp_path).launch(supersedes="run_nowhere")


async def test_one_that_was_given_up_replaced_nothing(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    first = await finished(floor)
    again = floor.launch(supersedes=first)
    cancel(floor.ports, again)
    assert inspect.metrics(floor.ports, first)[0].late_rework == 0
    assert inspect.report(floor.ports).summary.late_rework == 0
    with pytest.raises(Refused, match="is cancelled, so it has no result"):
        floor.launch(supersedes=again)


async def test_work_on_another_repository_replaces_nothing(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    first = await finished(floor, from_mission="#7")
    other = tmp_path / "other"
    floor.workspace.record(other, {"calc.py": b"wrong\n"})
    with pytest.raises(Refused, match=r"worked on .*repo, and this one is for .*other") as refused:
        floor.launch(supersedes=first, repo=other)
    assert refused.value.code == "other_repository"
    floor.launch(from_mission="7", repo=other)
    assert floor.run.supersedes == ""
    floor.launch(from_mission="7")
    assert (floor.run.mc_ref, floor.run.supersedes) == ("mission:7", first)
