"""`status` and `events`: what is, and what happens."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import typer

from cockpit.cli.call import Call, current
from cockpit.cli.output import plain
from cockpit.cli.status_text import status_text, statuses_text
from cockpit.cli.values import at_least, run_state
from factory.errors import Usage
from factory.model.audit import Event
from factory.model.run import RUN
from factory.model.status import Status
from factory.operations import inspect
from factory.ports.bundle import Ports
from factory.rules.visible import one_line

POLL_S = 0.2
LOOK_ANYWAY_S = 2.0
"""A picture is taken again after so long although nothing was written: sources grow old in silence."""
PAGE = 1000
SETTLED = ("delivered", "dead")
"""States in which a write to another system does not move any more by itself."""


@dataclass(frozen=True)
class Picture:
    """A status to print."""

    value: dict[str, Any]
    text: Callable[[], str]
    is_final: bool = False
    """Whether nothing of it can change any more by itself."""

    @property
    def essence(self) -> dict[str, Any]:
        """What counts as a change: all but the times and ages of looking."""
        return {key: _ageless(each) for key, each in self.value.items() if key != "as_of"}


def status(
    context: typer.Context,
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="Leave it out for all runs, newest first.")] = "",
    md: Annotated[bool, typer.Option("--md", help="Print the status page.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Print it again whenever it changes.")] = False,
    limit: Annotated[int, typer.Option(metavar="N", help="Without RUN: at most so many.")] = 50,
    state: Annotated[str, typer.Option(metavar="STATE", help="Without RUN: only those in this state.")] = "",
    line: Annotated[bool, typer.Option("--line", help="Print one short line for a status bar.")] = False,
) -> None:
    """The eight fields of a run: goal, step, agent, verifier, evidence, cost, blockers, next action."""
    call = current(context)
    if line:
        _refuse_with_line(run or md or watch or state)
    at_least("--limit", limit, 1)
    wanted = run_state("--state", state) if state else ""
    if md:
        _print_page(call, run, watch=watch)
    elif watch:
        _watch(call, lambda: _picture(call.ports, run, limit, wanted))
    else:
        picture = _picture(call.ports, run, limit, wanted)
        call.out.show(picture.value, picture.text)


def events(
    context: typer.Context,
    since: Annotated[int, typer.Option(metavar="SEQ", help="Only those after this one.")] = 0,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new ones as they happen.")] = False,
) -> None:
    """The events after SEQ, oldest first; with --json one object a line."""
    call = current(context)
    at_least("--since", since, 0)
    ledger = call.ports.ledger
    while True:
        for event in ledger.events(since, PAGE):
            call.out.show(_event(event), partial(_event_text, event))
            since = event.seq
        if ledger.head().count > since:
            continue
        if not follow:
            return
        time.sleep(POLL_S)


def _picture(ports: Ports, run: str, limit: int, state: str) -> Picture:
    if not run:
        many = inspect.statuses(ports, limit, state)
        value = {"runs": [status_value(each) for each in many], "as_of": ports.clock.now()}
        return Picture(value, lambda: statuses_text(many))
    one = inspect.status(ports, run)
    is_final = one.state in RUN.terminal and all(line.state in SETTLED for line in one.outbox)
    return Picture(status_value(one), lambda: status_text(one), is_final)


def _watch(call: Call, look: Callable[[], Picture]) -> None:
    shown: dict[str, Any] | None = None
    while True:
        head, looked_at = call.ports.ledger.head(), time.monotonic()
        picture = look()
        if picture.essence != shown:
            shown = picture.essence
            call.out.show(picture.value, picture.text)
        if picture.is_final:
            return
        while call.ports.ledger.head() == head and time.monotonic() - looked_at < LOOK_ANYWAY_S:
            time.sleep(POLL_S)


def _refuse_with_line(more: object) -> None:
    """The line itself never comes here: `cockpit.cli.main` prints it without a parser."""
    if more:
        raise Usage("--line is about all runs: it takes no RUN and no other option.", "cockpit status --line")


def _print_page(call: Call, run: str, *, watch: bool) -> None:
    if not run or watch or call.out.as_json:
        raise Usage("--md prints the page of one run: it needs RUN, and neither --json nor --watch.", "status RUN --md")
    view = inspect.seen(call.ports, run)
    call.out.show({}, call.ports.pages.render("status", view))


def status_value(status: Status) -> dict[str, Any]:
    """A status as `--json` prints it."""
    value: dict[str, Any] = plain(status)
    verifier = status.verifier
    thread = {"id": verifier.thread, "state": verifier.state, "round": verifier.round, "sent": verifier.sent}
    return value | {"thread": thread}


def _ageless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ageless(each) for key, each in value.items() if key not in ("age_s", "as_of")}
    return [_ageless(each) for each in value] if isinstance(value, list) else value


def _event(event: Event) -> dict[str, Any]:
    names = ("seq", "at", "actor", "action", "object", "run", "detail", "prev_hash", "hash")
    return {name: plain(getattr(event, name)) for name in names}


def _event_text(event: Event) -> str:
    detail = "  ".join(f"{key}={one_line(str(value))}" for key, value in event.detail.items())
    return f"{event.seq:>6}  {event.at}  {event.actor}  {event.action}  {event.object}  {detail}".rstrip()
