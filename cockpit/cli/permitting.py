"""`permissions`, `allow`, `deny`: what agents want to do and may not do without a person's word."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from cockpit.cli.call import current
from cockpit.cli.columns import columns
from cockpit.cli.done_text import done_text
from factory.operations import permissions as asking
from factory.rules.visible import one_line

PermissionArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the request, or a unique beginning.")]


def permissions(
    context: typer.Context, run: Annotated[str, typer.Argument(metavar="[RUN]", help="Only of this run.")] = ""
) -> None:
    """List the requests of agents that wait for an answer."""
    call = current(context)
    found = asking.open_permissions(call.ports, run)
    items = [{**asdict(one), "input": json.loads(one.input)} for one in found]
    lines = [(one.id, one.run, one.tier, one.kind, one_line(one.title)) for one in found]
    call.out.show({"items": items}, columns(lines) if lines else "No agent asks for anything.")


def allow(
    context: typer.Context,
    permission: PermissionArgument,
    always: Annotated[bool, typer.Option("--for-run", help="The same call too, as long as this run goes on.")] = False,
) -> None:
    """Let an agent do what it asked for."""
    call = current(context)
    done = asking.allow(call.ports, permission, always)
    call.out.show(done, done_text(done))


def deny(
    context: typer.Context,
    permission: PermissionArgument,
    reason: Annotated[str, typer.Option(metavar="T", help="The agent reads it.")],
) -> None:
    """Refuse what an agent asked for; it goes on without it."""
    call = current(context)
    done = asking.deny(call.ports, permission, reason)
    call.out.show(done, done_text(done))
