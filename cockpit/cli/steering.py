"""The operator's verbs on a run: `retry`, `skip`, `cancel`, `pause`, `resume`, `instruct`, `cap`."""

from typing import Annotated, Literal

import typer

from cockpit.cli.call import Call, current
from cockpit.cli.done_text import done_text
from cockpit.cli.values import RunArgument
from factory.operations import cap as capping
from factory.operations import retry as retrying
from factory.operations import verbs
from factory.operations.results import Done
from factory.rules.money import parse_usd


def retry(
    context: typer.Context,
    run: RunArgument,
    step: Annotated[
        str, typer.Option(metavar="S", help="Id or kind of the step; default: the one that is stuck.")
    ] = "",
) -> None:
    """Try a stalled or blocked step again."""
    call = current(context)
    _tell(call, retrying.retry(call.ports, run, step))


def skip(
    context: typer.Context,
    run: RunArgument,
    step: Annotated[str, typer.Option(metavar="S", help="Id or kind of the step; never verify or qa.")],
) -> None:
    """Go on without a step."""
    call = current(context)
    _tell(call, verbs.skip(call.ports, run, step))


def cancel(context: typer.Context, run: RunArgument) -> None:
    """End a run and every process of its agents."""
    call = current(context)
    _tell(call, verbs.cancel(call.ports, run))


def pause(context: typer.Context, run: RunArgument) -> None:
    """Interrupt a run; its work is kept."""
    call = current(context)
    _tell(call, verbs.pause(call.ports, run))


def resume(context: typer.Context, run: RunArgument) -> None:
    """Let a paused run go on."""
    call = current(context)
    _tell(call, verbs.resume(call.ports, run))


def instruct(
    context: typer.Context,
    run: RunArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the coder has to know.")],
) -> None:
    """Leave an instruction for the coder; the answer says when its agent reads it."""
    call = current(context)
    done = verbs.instruct(call.ports, run, text)
    call.out.show(done, f"{done_text(done)} It is {done.when}.")


def cap(
    context: typer.Context,
    run: RunArgument,
    usd: Annotated[str, typer.Argument(metavar="USD", help="The new cap in US dollars.")],
    reason: Annotated[str, typer.Option(metavar="T", help="Why; it is kept with the event.")],
    scope: Annotated[Literal["run", "thread"], typer.Option(metavar="run|thread")] = "run",
    review: Annotated[bool, typer.Option("--review", help="Ask for it where a cost review has to approve it.")] = False,
) -> None:
    """Change the cap of a run, or of its verifier thread; one of a thread over $1.00 needs a cost review."""
    call = current(context)
    micros = parse_usd(usd)
    _tell(call, capping.cap(call.ports, run, micros, scope, reason, review))


def _tell(call: Call, done: Done) -> None:
    call.out.show(done, done_text(done))
