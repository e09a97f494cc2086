"""The sample's goal as it went: nine moments, from the launch to the open gate, and a replay of them."""

from dataclasses import replace
from typing import Any

from textual.pilot import Pilot

from cockpit.replay_app import ReplayApp
from cockpit.screens.output_tail import OutputTail
from cockpit.surroundings import Surroundings
from factory.model.audit import Event
from factory.model.step import Attempt, StepState
from factory.model.view import RunView
from factory.rules.status import status
from tests.app import sample
from tests.app.driving import screen_text, settled, until
from tests.app.fakes import EVIDENCE, Seconds
from tests.fakes.flight import FakeFlight

RUN = sample.RUN


def _moment(seq: int, at: str, action: str, actor: str = "worker", **detail: object) -> Event:
    return sample.event(seq, at, RUN, actor, action, **detail)


MOMENTS = (
    _moment(1, "13:40:00", "run.create", "operator:me"),
    _moment(2, "13:41:00", "run.start"),
    _moment(3, "13:41:20", "attempt.start", agent=sample.CODER, n=1),
    _moment(4, "13:43:10", "attempt.succeed", n=1),
    _moment(5, "13:43:10", "cost.record", micros=140_000, basis="reported"),
    _moment(8, "13:44:00", "thread.request", "operator:me"),
    _moment(9, "13:45:31", "thread.request_changes"),
    _moment(12, "13:45:32", "evidence.capture", title="verify-1-A2.junit.xml", outcome="failed"),
    _moment(15, "13:56:00", "gate.open", kind="qa", score=100),
)
"""Others were written between them, of other runs."""


def _at(build: StepState, tries: int, **changes: Any) -> RunView:
    """The run while the coder works or has just worked."""
    whole = sample.VIEW
    states: dict[str, StepState] = {"plan": "passed", "build": build}
    steps = tuple(
        replace(step, state=states.get(step.kind, "pending"), attempt_no=min(tries, 1) if step.kind in states else 0)
        for step in whole.steps
    )
    run = replace(whole.run, state="running", result_commit="")
    unsent = replace(whole.threads[0], state="prewired", round=0, verdicts=())
    nothing: dict[str, Any] = dict.fromkeys(("messages", "gates", "evidence", "packages", "costs", "blockers"), ())
    budgets = tuple(replace(one, spent_micros=0) for one in whole.budgets)
    told = replace(whole, run=run, steps=steps, threads=(unsent,), attempts=(), outbox=(), health=(), **nothing)
    return replace(told, budgets=budgets, **changes)


def _working(seen: str) -> Attempt:
    alive = replace(sample.VIEW.attempts[0], state="running", ended_at="", exit_code=None, commit="", summary="")
    return replace(alive, last_progress=f"2026-03-02T{seen}.000Z", last_heartbeat=f"2026-03-02T{seen}.000Z")


def _pictures() -> tuple[RunView, ...]:
    whole = sample.VIEW
    created = _at("pending", 0)
    delivered = {"attempts": whole.attempts[:1], "costs": whole.costs[:1]}
    asked = replace(whole.threads[0], state="awaiting", round=1, verdicts=())
    judged = replace(whole.threads[0], state="changes_requested", round=1, verdicts=whole.threads[0].verdicts[:1])
    refuted = {"attempts": whole.attempts[:2], "costs": whole.costs[:2], "messages": whole.messages[:2]}
    return (
        replace(created, run=replace(created.run, state="ready")),
        _at("ready", 0),
        _at("running", 1, attempts=(_working("13:41:20"),)),
        _at("awaiting_verdict", 1, attempts=whole.attempts[:1]),
        _at("awaiting_verdict", 1, **delivered),
        _at("awaiting_verdict", 1, threads=(asked,), messages=whole.messages[:1], **delivered),
        _at("changes_requested", 1, threads=(judged,), **refuted),
        _at("changes_requested", 1, threads=(judged,), evidence=whole.evidence[:2], **refuted),
        whole,
    )


def flight() -> FakeFlight:
    """The recording; the coder of the first attempt gave two signs of life."""
    alive = [(f"2026-03-02T{at}.000Z", _at("running", 1, attempts=(_working(at),))) for at in ("13:42:00", "13:42:40")]
    return FakeFlight(MOMENTS, _pictures(), {3: alive})


def replayed(recording: FakeFlight | None = None, seconds: Seconds | None = None, **more: Any) -> ReplayApp:
    """A replay of it, at its first moment, with a clock that is driven."""
    more.setdefault("surroundings", Surroundings(tail=sample.tail))
    return ReplayApp(
        flight=recording or flight(),
        read_status=lambda view, ages, now: status(view, f"{sample.HOME}/evidence/{view.run.id}", ages, now),
        evidence=EVIDENCE / RUN,
        monotonic=seconds or Seconds(),
        **more,
    )


async def shown(pilot: Pilot[Any]) -> ReplayApp:
    """Wait until the wanted moment is on screen, with what the agent had written, which a thread reads."""
    app = pilot.app
    assert isinstance(app, ReplayApp)
    await until(pilot, lambda: app.is_shown and app.main.query_one(OutputTail).is_read)
    await settled(pilot)
    return app


async def at(pilot: Pilot[Any], number: int) -> str:
    """The screen right after the event of this number."""
    app = await shown(pilot)
    while app.player.number != number:
        await pilot.press("full_stop" if app.player.number < number else "comma")
        await shown(pilot)
    return screen_text(app)
