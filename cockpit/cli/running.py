"""Running the cockpit itself: `worker`, `doctor`, `init`, `agents`, `config show`."""

import sys
from typing import Annotated

import typer

from cockpit.cli.agent_text import agent_row
from cockpit.cli.call import current
from cockpit.cli.columns import table
from cockpit.cli.output import plain


def worker(
    context: typer.Context,
    stop: Annotated[bool, typer.Option("--stop", help="End the running worker; its agents go on.")] = False,
) -> None:
    """Be the worker, in the foreground; it is started by itself when it is needed."""
    call = current(context)
    if stop:
        stopped = call.ports.workers.stop()
        call.out.show({"stopped": stopped}, "The worker has ended." if stopped else "No worker was running.")
        return
    from cockpit.wiring import run_worker

    settings = call.settings
    if sys.stderr.isatty():
        call.out.say(f"The worker of {call.home} runs until it is told to end (ctrl+c), or nobody needs it.")
    run_worker(settings)
    call.out.show({"stopped": True}, "The worker has ended.")


def doctor(context: typer.Context) -> int:
    """What works here and what does not, with the fix."""
    from cockpit.cli.checkup import check_up

    call = current(context)
    systems = check_up(call)
    ok = all(system.state not in ("down", "timeout") for system in systems)
    columns = ("name", "state", "version", "hint")
    call.out.show({"ok": ok, "systems": systems}, lambda: table(plain(systems), columns, ""))
    return 0 if ok else 3


def init(
    context: typer.Context,
    force: Annotated[bool, typer.Option("--force", help="Replace the config.toml that is there.")] = False,
) -> None:
    """Make the home, and a config.toml with the agents found on this machine."""
    from cockpit.cli.first_config import write_first_config

    call = current(context)
    written = write_first_config(call, replace=force)
    call.out.show(written, lambda: written.text)


def agents(context: typer.Context) -> None:
    """Every kind of agent and configured agent, ready ones first."""
    call = current(context)
    infos = call.ports.agents.list()
    columns = ("name", "ready", "version", "login", "works", "hint")
    call.out.show({"items": plain(infos)}, lambda: table(map(agent_row, infos), columns, "There is no agent."))


def config_show(context: typer.Context) -> None:
    """Every setting as it applies, and where it comes from."""
    from cockpit.cli.config_text import config_text, config_value

    call = current(context)
    call.out.show(config_value(call.settings), lambda: config_text(call.settings))
