"""Looking at what the ledger holds beside runs: metrics, blockers, threads, the outbox; and asking route and memory."""

from typing import Annotated, Any

import typer

from cockpit.cli.call import current
from cockpit.cli.columns import pairs, table
from cockpit.cli.output import plain
from cockpit.cli.values import goal_text
from factory.errors import Usage
from factory.model.outbox import OutboxItem
from factory.operations import inspect
from factory.operations.lookup import lookup as look_up
from factory.rules.goal import check_goal


def metrics(
    context: typer.Context,
    subject: Annotated[
        str | None, typer.Argument(metavar="[RUN|MISSION_REF]", help="Leave it out for all runs.", show_default=False)
    ] = None,
    md: Annotated[bool, typer.Option("--md", help="Print it as Markdown.")] = False,
) -> None:
    """What the coder-verifier loop achieved and cost, each share with its interval and n."""
    from cockpit.cli.metrics_text import show_all, show_run

    call = current(context)
    if md and call.options.as_json:
        raise Usage("--md and --json exclude each other.", "Leave one of them out.")
    if subject is None:
        show_all(call, md)
    elif subject.strip():
        show_run(call, subject, md)
    else:
        raise Usage("The name of the run is empty.", "For all runs: cockpit metrics. For one: cockpit metrics last")


def blockers(context: typer.Context) -> None:
    """Everything that stops or endangers a run now, oldest first."""
    call = current(context)
    items = plain(inspect.blockers(call.ports))
    columns = ("run", "severity", "code", "message")
    call.out.show({"items": items}, lambda: table(items, columns, "Nothing is blocked."))


def threads(context: typer.Context) -> None:
    """The coder-verifier threads, oldest first."""
    call = current(context)
    items = plain(inspect.threads(call.ports))
    columns = ("run", "id", "state", "round", "coder", "verifier")
    call.out.show({"items": items}, lambda: table(items, columns, "There is no thread yet."))


def outbox_list(context: typer.Context) -> None:
    """Writes to other systems, oldest first."""
    call = current(context)
    items = [_outbox_item(item) for item in inspect.outbox(call.ports)]
    columns = ("id", "target", "op", "state", "tries", "next_at", "error")
    call.out.show({"items": items}, lambda: table(items, columns, "Nothing was queued yet."))


def outbox_requeue(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a dead item, out_…")],
) -> None:
    """Try a dead write again."""
    call = current(context)
    item = inspect.requeue(call.ports, id)
    call.out.show(_outbox_item(item), f"{item.id} is {item.state}.")


def route(
    context: typer.Context,
    goal: Annotated[str, typer.Argument(metavar="GOAL", help="As for start; '-' reads stdin.")],
    domain: Annotated[str, typer.Option(metavar="backend|frontend|product|infra", help="Overrides.")] = "",
) -> None:
    """Who would build and who would verify a goal, and why."""
    call = current(context)
    found = inspect.route(call.ports, check_goal(goal_text(goal)), domain)
    if found.notice:
        call.out.say(found.notice)
    value = plain(found)
    value["table"] = value.pop("table_sha256")
    call.out.show(value, lambda: pairs(value))


def lookup(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to look for.")],
) -> None:
    """Runs, pages, memory, agents and your own program, for what fits a text; guidance, never evidence. Best first."""
    from cockpit.lookups import lookups

    call = current(context)
    if not text.strip():
        raise Usage("There is nothing to look for.", "cockpit lookup 'rounding of amounts'")
    found = plain(look_up(call.ports, text, lookups(call.settings)))
    for notice in found["notices"]:
        call.out.say(notice)
    call.out.show(found, lambda: table(found["items"], ("score", "source", "ref", "title"), "Nothing fits that."))


def _outbox_item(item: OutboxItem) -> dict[str, Any]:
    return {
        "id": item.id, "run": item.run, "target": item.target, "op": item.op, "state": item.state, "tries": item.tries,
        "next_at": item.next_at, "error": item.last_error, "ref": item.remote_ref,
    }  # fmt: skip
