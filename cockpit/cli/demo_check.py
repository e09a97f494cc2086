"""`cockpit demo --check`: the demo without a terminal, step by step, each with the file that shows it."""

import time
from dataclasses import dataclass

from cockpit.cli.demo_memory import MemoryStub
from cockpit.cli.demo_play import LONGEST_S, Checked, Play, Tested, tests_of
from cockpit.cli.demo_scene import demo_launch, make_repository
from cockpit.film.captions import CAPTIONS
from cockpit.settings import Settings
from factory.ports.bundle import Ports


@dataclass(frozen=True)
class Report:
    """What `demo --check` found."""

    ok: bool
    run: str
    steps: tuple[Checked, ...]
    tests: tuple[Tested, ...]
    package: str
    seconds: float
    captions: tuple[Checked, ...]
    """What the film says under its pictures, each with the file that shows it."""


def make_play(ports: Ports, settings: Settings, memory: MemoryStub) -> Play:
    """The demo in a home, ready to be played."""
    launch = demo_launch(make_repository(settings.home / "worktrees" / "demo-repository"))
    return Play(ports, settings.knowledge_folder, memory, launch, time.monotonic() + LONGEST_S)


def check_demo(play: Play) -> Report:
    """Play the demo to its end.

    Raises:
        Unreachable: `timeout`, a step did not come in time; the sentence names it.
    """
    began = time.monotonic()
    try:
        view = play.through()
    finally:
        play.ports.workers.stop()
    steps = tuple(play.steps)
    seconds = round(time.monotonic() - began, 1)
    captions = captions_of(steps)
    ok = all(one.ok for one in (*steps, *captions))
    return Report(ok, play.run, steps, tests_of(view), view.packages[-1].path, seconds, captions)


def captions_of(steps: tuple[Checked, ...]) -> tuple[Checked, ...]:
    """Every caption with the file of the step that it speaks of; one without such a step does not hold."""
    known = {step.name: step for step in steps}
    missing = Checked("", False, "")
    found = [(caption.text, known.get(caption.step, missing)) for caption in CAPTIONS]
    return tuple(Checked(text, step.ok, step.path) for text, step in found)


def report_text(report: Report) -> str:
    """The report for people."""
    lines = [f"{'ok  ' if step.ok else 'FAIL'}  {step.name:36} {step.path}" for step in report.steps]
    lines += [f"      {found.commit[:10]}  {found.failed} failed, {found.passed} passed" for found in report.tests]
    shown = sum(caption.ok for caption in report.captions)
    lines += [
        f"{'The demo holds' if report.ok else 'The demo does NOT hold'}: {report.run}, {report.seconds} s.",
        f"{shown} of {len(report.captions)} captions of its film are shown by these files.",
        f"Check it yourself: (cd {report.package} && sha256sum -c MANIFEST.sha256)",
    ]
    return "\n".join(lines)


def captions_text(report: Report) -> str:
    """What the film says, each sentence above the file that shows it."""
    return "\n".join(f"{'ok  ' if one.ok else 'FAIL'}  {one.name}\n      {one.path}" for one in report.captions)
