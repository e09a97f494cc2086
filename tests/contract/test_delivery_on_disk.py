"""The outbox over a real ledger to the real embedded targets."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.knowledge.markdown import MarkdownFolder
from adapters.knowledge.pages import JinjaPages
from adapters.ledger import audit
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from adapters.memory.fts import FtsMemory
from factory.model.outbox import OutboxItem, PortHealth
from factory.model.run import Run
from factory.rules.outbox import outbox_item
from factory.workflow.delivery import deliver_due
from tests.fakes.clock import FixedClock
from tests.unit.knowledge.post_room import ports_of


@dataclass
class Desk:
    """A run that is over, in a ledger on disk, and the folder that its knowledge goes to."""

    folder: Path
    clock: FixedClock
    ledger: SqlLedger

    def queue(self) -> None:
        """Queue a page and a lesson, as closing a run does."""
        run = self.ledger.get(Run, "run_1")
        text = JinjaPages().render("postflight", self.ledger.view(run.id))
        lesson = {"id": "run_1-lesson", "title": run.goal, "text": "Cents must add up", "run": run.id, "kind": "lesson"}
        page = outbox_item(run.id, "knowledge", "page", {"ref": "run_1/postflight", "text": text}, "run_1/postflight")
        self.ledger.write("worker", lambda tx: tx.put(page, "outbox.queue"))
        self.ledger.write(
            "worker", lambda tx: tx.put(outbox_item(run.id, "memory", "remember", lesson), "outbox.queue")
        )

    def look(self) -> float:
        """One pass of the worker."""
        ports = ports_of(self.clock, self.ledger, MarkdownFolder(self.folder), FtsMemory(self.folder / "memory.db"))
        return deliver_due(ports, self.clock.now(), lambda tries, key: 1.0)

    def states(self) -> set[str]:
        """In which states the items are."""
        return {item.state for item in self.ledger.find(OutboxItem)}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock()
    with closing(open_ledger(tmp_path / "ledger.db", clock)) as ledger:
        ledger.write("operator", lambda tx: tx.put(Run(id="run_1", goal="Fix split()", state="done"), "run.start"))
        (tmp_path / "knowledge").mkdir()
        yield Desk(tmp_path / "knowledge", clock, ledger)


def test_a_page_and_a_lesson_arrive(desk: Desk) -> None:
    desk.queue()
    desk.look()
    assert desk.states() == {"delivered"}
    assert "Fix split()" in (desk.folder / "run_1" / "postflight.md").read_text()
    (hint,) = FtsMemory(desk.folder / "memory.db").recall("cents")
    assert hint.text == "Fix split(): Cents must add up"
    assert audit.verify(desk.ledger).problem is None


def test_a_folder_that_goes_away_and_comes_back_loses_nothing(desk: Desk) -> None:
    away = desk.folder.rename(desk.folder.with_name("away"))
    desk.queue()
    for _ in range(5):
        desk.look()
        desk.clock.advance(2)
    assert desk.states() == {"queued"}
    assert {health.state for health in desk.ledger.find(PortHealth)} == {"down"}
    away.rename(desk.folder)
    desk.look()
    assert desk.states() == {"delivered"}
    alerts = sorted(event.action for event in desk.ledger.events() if event.action in ("port.outage", "port.recovered"))
    assert alerts == ["port.outage", "port.outage", "port.recovered", "port.recovered"]  # two targets, one outage each
    assert desk.ledger.get(Run, "run_1").version == 1


def test_a_written_page_whose_worker_was_killed_is_the_same_page(desk: Desk) -> None:
    desk.queue()
    (page,) = desk.ledger.find(OutboxItem, target="knowledge")
    MarkdownFolder(desk.folder).deliver(page)
    file = desk.folder / "run_1" / "postflight.md"
    file.write_text(file.read_text() + "My notes.\n")
    before = file.stat().st_mtime_ns
    desk.look()
    assert desk.states() == {"delivered"}
    assert file.stat().st_mtime_ns == before
