"""A route that was not found as configured says so before anything is started, and for as long as the run is there."""

from dataclasses import replace
from pathlib import Path

from factory.model.launch import Launch
from factory.model.run import Run
from factory.operations.ready import preview
from factory.operations.start import start
from tests.fakes.knowledge import ROUTE, FakeRouter
from tests.unit.workflow.floor import Floor

NOTICE = "The routing command is not there. The table was used."


def test_the_preview_and_the_run_keep_the_notice_of_a_route(tmp_path: Path) -> None:
    floor = Floor(tmp_path)
    ports = replace(floor.ports, router=FakeRouter(replace(ROUTE, notice=NOTICE)))
    launch = Launch(
        "Make calc right",
        floor.repo,
        accept=("A1: right :: has calc.py right",),
        coder="coder-x",
        verifier="verifier-y",
    )
    assert NOTICE in preview(ports, launch).notes
    assert NOTICE not in preview(floor.ports, launch).notes
    started = start(ports, launch)
    assert floor.ports.ledger.get(Run, started.run).route.notice == NOTICE
