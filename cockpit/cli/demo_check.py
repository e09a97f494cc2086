"""The demo without a terminal: play it through with a real worker, and check the file that each step left."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.evidence.verify import verify_package
from cockpit.cli.demo_scene import demo_launch, make_repository
from cockpit.settings import Settings
from factory.errors import Unreachable
from factory.model.view import RunView
from factory.operations.decide import approve, review
from factory.operations.start import start
from factory.operations.verify import verify
from factory.ports.bundle import Ports
from factory.rules.moves import awaits_request

LONGEST_S = 60.0
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


@dataclass(frozen=True)
class Report:
    """What `demo --check` found."""

    ok: bool
    run: str
    steps: tuple[Checked, ...]
    tests: tuple[Tested, ...]
    package: str
    seconds: float


def check_demo(ports: Ports, settings: Settings) -> Report:
    """Play the demo to its end.

    Raises:
        Unreachable: `timeout`, a step did not come in time; the sentence names it.
    """
    began = time.monotonic()
    play = _Play(ports, settings.knowledge_folder, began + LONGEST_S)
    try:
        play.through(make_repository(settings.home / "worktrees" / "demo-repository"))
    finally:
        ports.workers.stop()
    view = ports.ledger.view(play.run)
    ok = all(step.ok for step in play.steps)
    seconds = round(time.monotonic() - began, 1)
    return Report(ok, play.run, tuple(play.steps), tests_of(view), view.packages[-1].path, seconds)


class _Play:
    """The operator's part, step by step."""

    def __init__(self, ports: Ports, knowledge: Path, deadline: float) -> None:
        self._ports = ports
        self._knowledge = knowledge
        self._deadline = deadline
        self.run = ""
        self.steps: list[Checked] = []

    def note(self, name: str, ok: bool, path: str | Path) -> None:
        """A step is ok when what it claims holds and its file is there."""
        self.steps.append(Checked(name, ok and Path(path).is_file(), str(path)))

    def through(self, repository: Path) -> None:
        """From the goal to the delivered pages."""
        self.run = start(self._ports, demo_launch(repository)).run
        self._started()
        view = self._until("artefacts of attempt 1", awaits_request)
        self._evidence("baseline", view, "baseline-", ".junit.xml")
        self._evidence("attempt 1", view, "build-1-", ".patch")
        verify(self._ports, self.run)
        view = self._until("the QA gate", lambda view: view.run.state == "awaiting_qa")
        self._verified(view)
        with _away(self._knowledge):
            self._approve()
            view = self._until("the alert of the outage", self._outage_is_told)
            waiting = [item for item in view.outbox if item.target == "knowledge" and item.state == "queued"]
            self.note(
                "done, writeback queued, one alert", bool(waiting) and self._alerts() == 1, self._record("writeback")
            )
        view = self._until("the writeback", lambda view: all(item.state == "delivered" for item in view.outbox))
        self._delivered(view)

    def _started(self) -> None:
        view = self._ports.ledger.view(self.run)
        self.note("parent task and subtasks", len(view.steps) == len(view.run.definition.steps), self._record("task"))
        two = view.run.coder.company != view.run.verifier.company
        self.note("routed to two companies", two, self._record("route"))
        unsent = view.thread.state == "prewired" and not view.messages
        self.note("thread prewired, nothing sent", unsent, self._record("thread"))

    def _verified(self, view: RunView) -> None:
        words = [verdict.word for verdict in view.thread.verdicts]
        self.note("changes requested, then pass", words == ["changes_requested", "pass"], self._record("thread"))
        self._evidence("counterexample", view, "verify-1-", ".log")
        self._evidence("attempt 2", view, "build-2-", ".patch")
        self._package("evidence package frozen", view)

    def _approve(self) -> None:
        card = review(self._ports, self.run)
        approve(self._ports, self.run, card.digest)
        self._until("the end of the run", lambda view: view.run.state == "done")
        self.note("approved at the QA gate", card.sufficient, self._record("gate"))

    def _delivered(self, view: RunView) -> None:
        for page in view.pages:
            self.note(f"{page.role} page", True, self._knowledge / f"{page.ref}.md")
        self._package("closing package", view)
        numbers = [(found.failed, found.passed) for found in tests_of(view)]
        self.note("5, 2 and 0 tests failed", numbers == NUMBERS, Path(view.packages[-1].path) / "package.json")

    def _evidence(self, name: str, view: RunView, start: str, end: str) -> None:
        found = [item.path for item in view.evidence if item.title.startswith(start) and item.title.endswith(end)]
        self.note(name, bool(found), self._ports.evidence.root(self.run) / (found[0] if found else "missing"))

    def _package(self, name: str, view: RunView) -> None:
        folder = Path(view.packages[-1].path)
        _, problems = verify_package(folder)
        self.note(name, not problems, folder / "MANIFEST.sha256")

    def _record(self, name: str) -> Path:
        return self._ports.evidence.root(self.run) / "record" / f"{name}.json"

    def _alerts(self) -> int:
        return sum(event.action == "port.outage" for event in self._ports.ledger.events(limit=100_000))

    def _outage_is_told(self, _view: RunView) -> bool:
        return self._alerts() > 0

    def _until(self, what: str, holds: Callable[[RunView], bool]) -> RunView:
        """Wait for the run. A blocker or the deadline ends the demo with a sentence."""
        while True:
            view = self._ports.ledger.view(self.run)
            if holds(view):
                return view
            stopping = [blocker.message for blocker in view.open_blockers if blocker.severity == "block"]
            if stopping or time.monotonic() > self._deadline:
                why = stopping[0] if stopping else f"it did not come within {LONGEST_S:.0f} s"
                raise Unreachable(f"The demo waits for {what}: {why}", f"Home: {self._knowledge.parent}", "timeout")
            time.sleep(POLL_S)


@contextmanager
def _away(folder: Path) -> Iterator[None]:
    """An outage of the knowledge target: its folder is gone for a while."""
    hidden = folder.with_name(f"{folder.name}.away")
    folder.rename(hidden)
    try:
        yield
    finally:
        hidden.rename(folder)


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


def report_text(report: Report) -> str:
    """The report for people."""
    lines = [f"{'ok  ' if step.ok else 'FAIL'}  {step.name:36} {step.path}" for step in report.steps]
    lines += [f"      {found.commit[:10]}  {found.failed} failed, {found.passed} passed" for found in report.tests]
    lines += [
        f"{'The demo holds' if report.ok else 'The demo does NOT hold'}: {report.run}, {report.seconds} s.",
        f"Check it yourself: (cd {report.package} && sha256sum -c MANIFEST.sha256)",
    ]
    return "\n".join(lines)
