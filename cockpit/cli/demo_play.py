"""The operator's part of the demo without a terminal: a real worker is asked, and each step is proven by a file."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from adapters.evidence.verify import verify_package
from cockpit.cli.demo_memory import MemoryStub
from factory.errors import Unreachable
from factory.model.audit import Event
from factory.model.launch import Launch, Preview
from factory.model.status import ReviewCard
from factory.model.view import RunView
from factory.operations.decide import approve, review
from factory.operations.ready import preview
from factory.operations.start import start
from factory.operations.verify import verify
from factory.ports.bundle import Ports
from factory.rules.moves import awaits_request

LONGEST_S = 400.0
"""A busy machine is slow, and that is no defect."""
POLL_S = 0.1
NUMBERS = [(5, 8), (2, 11), (0, 13)]
"""Failed and passed: before, after attempt 1, after attempt 2 (measured)."""


@dataclass(frozen=True)
class Checked:
    """One step of the demo, and the file that shows it."""

    name: str
    ok: bool
    path: str


@dataclass(frozen=True)
class Tested:
    """How the acceptance came out on one commit, counted from the reports in the package."""

    commit: str
    failed: int
    passed: int


@dataclass
class Play:
    """Plays the demo once, from the goal to the lesson that has arrived.

    Args:
        ports: Of a home whose memory is the stub.
        knowledge: The folder of the pages.
        memory: Up when it begins; goes away before the approval, and comes back afterwards.
        launch: What is launched.
        deadline: Of the monotonic clock.
    """

    ports: Ports
    knowledge: Path
    memory: MemoryStub
    launch: Launch
    deadline: float
    run: str = ""
    steps: list[Checked] = field(default_factory=list)
    preview: Preview | None = None
    """What the launch form showed."""
    card: ReviewCard | None = None
    """What the review card showed."""

    def through(self) -> RunView:
        """From the first step to the last; the run as it is then.

        Raises:
            Unreachable: `timeout`, a step did not come in time; the sentence names it.
        """
        self.preview = preview(self.ports, self.launch)
        self.run = start(self.ports, self.launch).run
        self._started()
        view = self._until("artefacts of attempt 1", awaits_request)
        self._evidence("baseline", view, "baseline-", ".junit.xml")
        self._evidence("attempt 1", view, "build-1-", ".log")  # its own two tests, and that they pass
        verify(self.ports, self.run)
        view = self._until("the QA gate", lambda view: view.run.state == "awaiting_qa")
        self._verified(view)
        self._through_the_outage()
        view = self._until("the writeback", lambda view: all(item.state == "delivered" for item in view.outbox))
        self._delivered(view)
        return view

    def _through_the_outage(self) -> None:
        self.memory.down()
        refused = self.memory.refusal()
        self.note("memory stub down", bool(refused), self._kept("memory", {"url": self.memory.url, "said": refused}))
        try:
            self._approve()
            self._until("the alert of the outage", lambda view: _waits_for_memory(view) and bool(self._alerts()))
            self.note("done, writeback queued, one alert", len(self._alerts()) == 1, self._kept_outage())
        finally:
            self.memory.up()

    def note(self, name: str, ok: bool, path: str | Path) -> None:
        """A step is ok when what it claims holds and its file is there."""
        self.steps.append(Checked(name, ok and Path(path).is_file(), str(path)))

    def _started(self) -> None:
        view = self.ports.ledger.view(self.run)
        self.note("parent task and subtasks", len(view.steps) == len(view.run.definition.steps), self._record("task"))
        two = view.run.coder.company != view.run.verifier.company
        self.note("routed to two companies", two, self._record("route"))
        unsent = view.thread.state == "prewired" and not view.messages
        self.note("thread prewired, nothing sent", unsent, self._record("thread"))

    def _verified(self, view: RunView) -> None:
        words = [verdict.word for verdict in view.thread.verdicts]
        self.note("changes requested, then pass", words == ["changes_requested", "pass"], self._record("thread"))
        self._evidence("counterexample", view, "verify-1-", "-finding-0.log")
        self._evidence("attempt 2", view, "build-2-", ".patch")
        self._package("evidence package frozen", view)

    def _approve(self) -> None:
        self.card = card = review(self.ports, self.run)
        approve(self.ports, self.run, card.digest)
        self._until("the end of the run", lambda view: view.run.state == "done")
        self.note("approved at the QA gate", card.sufficient, self._record("gate"))

    def _delivered(self, view: RunView) -> None:
        for page in view.pages:
            self.note(f"{page.role} page", True, self.knowledge / f"{page.ref}.md")
        kept = self.memory.files
        self.note("lesson delivered to the memory", len(kept) == 1, kept[0] if kept else self.memory.folder / "missing")
        self._package("closing package", view)
        numbers = [(found.failed, found.passed) for found in tests_of(view)]
        self.note("5, 2 and 0 tests failed", numbers == NUMBERS, Path(view.packages[-1].path) / "package.json")

    def _evidence(self, name: str, view: RunView, start: str, end: str) -> None:
        found = [item.path for item in view.evidence if item.title.startswith(start) and item.title.endswith(end)]
        self.note(name, bool(found), self.ports.evidence.root(self.run) / (found[0] if found else "missing"))

    def _package(self, name: str, view: RunView) -> None:
        folder = Path(view.packages[-1].path)
        _, problems = verify_package(folder)
        self.note(name, not problems, folder / "MANIFEST.sha256")

    def _record(self, name: str) -> Path:
        """What the factory has on record now, as a copy: its own file goes on with the run."""
        file = self.ports.evidence.root(self.run) / "record" / f"{name}.json"
        return self._kept(name, json.loads(file.read_text("utf-8"))) if file.is_file() else file

    def _kept_outage(self) -> Path:
        waiting = [item for item in self.ports.ledger.view(self.run).outbox if item.state == "queued"]
        alerts = [{"at": event.at, "system": event.object, **event.detail} for event in self._alerts()]
        queued = [{"target": item.target, "state": item.state, "error": item.last_error} for item in waiting]
        return self._kept("outage", {"alerts": alerts, "outbox": queued})

    def _kept(self, name: str, value: object) -> Path:
        """A proof: what holds at this step, in the order of the steps."""
        file = self.knowledge.parent / "proofs" / f"{len(self.steps) + 1:02}-{name}.json"
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.write_text(json.dumps(value, indent=1), encoding="utf-8")
        return file

    def _alerts(self) -> list[Event]:
        return [event for event in self.ports.ledger.events(limit=100_000) if event.action == "port.outage"]

    def _until(self, what: str, holds: Callable[[RunView], bool]) -> RunView:
        """Wait for the run. A blocker or the deadline ends the demo with a sentence."""
        while True:
            view = self.ports.ledger.view(self.run)
            if holds(view):
                return view
            stopping = [blocker.message for blocker in view.open_blockers if blocker.severity == "block"]
            if stopping or time.monotonic() > self.deadline:
                why = stopping[0] if stopping else f"it did not come within {LONGEST_S:.0f} s"
                raise Unreachable(f"The demo waits for {what}: {why}", f"Home: {self.knowledge.parent}", "timeout")
            time.sleep(POLL_S)


def _waits_for_memory(view: RunView) -> bool:
    return any(item.target == "lightrag" and item.state == "queued" for item in view.outbox)


def tests_of(view: RunView) -> tuple[Tested, ...]:
    """The acceptance on each commit, in the order in which they were run; the base first."""
    found: dict[str, Tested] = {}
    for item in view.evidence:
        if item.tests is None or not item.claims or item.title.endswith("-base-tests.junit.xml"):
            continue
        before = found.get(item.subject, Tested(item.subject, 0, 0))
        failed = before.failed + item.tests.failed + item.tests.errors
        found[item.subject] = Tested(item.subject, failed, before.passed + item.tests.passed)
    return tuple(found.values())
