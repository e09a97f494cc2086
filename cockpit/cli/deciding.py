"""`verify`, `review`, `approve`, `reject`, `land`: what only a person decides."""

import sys
from typing import Annotated

import typer

from cockpit.cli.call import Call, current
from cockpit.cli.cost_text import cost_text
from cockpit.cli.done_text import done_text
from cockpit.cli.review_text import review_text
from cockpit.cli.values import RunArgument
from factory.errors import Refused, Usage
from factory.model.run import Run
from factory.operations import cost_review, decide
from factory.operations import land as landing
from factory.operations import verify as verifying


def verify(context: typer.Context, run: RunArgument) -> None:
    """Send what the coder delivered to the verifier."""
    call = current(context)
    done = verifying.verify(call.ports, run)
    call.out.show(done, done_text(done))


def review(context: typer.Context, run: RunArgument) -> None:
    """Show what an approval would be about: an open cost review, else the evidence package; and its digest."""
    call = current(context)
    card = decide.review(call.ports, run)
    if cost_review.is_open(call.ports, card.run):
        money = cost_review.card(call.ports, card.run)
        call.out.show(money, lambda: cost_text(money))
    else:
        call.out.show(card, lambda: review_text(card))


def approve(
    context: typer.Context,
    run: RunArgument,
    digest: Annotated[str, typer.Option(metavar="D", help="The digest that 'cockpit review RUN' shows.")],
) -> None:
    """Approve exactly the package, or the cap that is asked for, with this digest."""
    call = current(context)
    made = decide.approve(call.ports, run, digest)
    found = {"approval": made.approval, "run": made.run, "state": made.state, "digest": made.digest}
    word = "Approved" if made.is_new else f"Approved already, by {made.actor} at {made.at}"
    call.out.show(found, f"{word}: {made.run}, digest {made.digest} ({made.approval}).")


def reject(
    context: typer.Context,
    run: RunArgument,
    reason: Annotated[str, typer.Option(metavar="T", help="What the coder has to change; 10 characters or more.")],
    digest: Annotated[str, typer.Option(metavar="D", help="Reject only what has this digest.")] = "",
) -> None:
    """Reject what 'cockpit review RUN' shows: a cap stays, or the result is built again with the reason."""
    call = current(context)
    done = decide.reject(call.ports, run, reason, "cli", digest)
    call.out.show(done, done_text(done))


def land(
    context: typer.Context,
    run: RunArgument,
    branch: Annotated[str, typer.Option(metavar="NAME", help="The branch to create; it has a default.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Create one branch with the result in the source repository; nothing is checked out or pushed."""
    call = current(context)
    if not yes:
        _ask(call, run, branch)
    landed = landing.land(call.ports, run, branch)
    call.out.show(landed, f"{landed.ref} is now {landed.commit}.")


def _ask(call: Call, run: str, branch: str) -> None:
    """Come back only after a yes.

    Raises:
        Usage: nobody can be asked. Refused: the answer was no.
    """
    if not sys.stdin.isatty():
        raise Usage("land asks before it writes, and there is no terminal to ask on.", "Add --yes.")
    found = call.ports.ledger.get(Run, call.ports.ledger.resolve(run))
    call.out.ask(f"Create the branch {branch or landing.default_branch(found)} in {found.repo}? [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("Nothing was written.", code="declined")
