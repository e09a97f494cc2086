"""Running the cockpit itself: `worker`, `doctor`, `init`, `agents`, `config show`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cockpit.cli.agent_text import agent_row
from cockpit.cli.call import current
from cockpit.cli.columns import table
from cockpit.cli.output import plain
from cockpit.now import utc_now
from cockpit.version import program_version

if TYPE_CHECKING:
    from cockpit.cli.system_line import System


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
    from cockpit.cli.health_report import keep_report

    call = current(context)
    systems = check_up(call)
    ok = all(system.state not in ("down", "timeout") for system in systems)
    found = {"ok": ok, "at": utc_now(), "cockpit": program_version(), "systems": systems}
    report = keep_report(call.home, found)
    call.out.show({**found, "report": report}, lambda: _checkup_text(systems, report))
    return 0 if ok else 3


def _checkup_text(systems: "Sequence[System]", report: Path | None) -> str:
    lines = table(plain(systems), ("name", "state", "version", "hint"), "")
    return f"{lines}\n\nKept in {report}" if report else lines


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
