"""Every command by name, and how a line of words becomes a call of one."""

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
import typer.main

from cockpit.cli.call import Call, current
from cockpit.cli.global_options import HELP
from factory.errors import Usage

COMMANDS: Mapping[str, str] = {
    "start": "launching.start",
    "wait": "launching.wait",
    "status": "watching.status",
    "verify": "deciding.verify",
    "review": "deciding.review",
    "approve": "deciding.approve",
    "reject": "deciding.reject",
    "land": "deciding.land",
    "retry": "steering.retry",
    "skip": "steering.skip",
    "cancel": "steering.cancel",
    "pause": "steering.pause",
    "resume": "steering.resume",
    "instruct": "steering.instruct",
    "cap": "steering.cap",
    "permissions": "permitting.permissions",
    "allow": "permitting.allow",
    "deny": "permitting.deny",
    "metrics": "inspecting.metrics",
    "canary": "canary.canary",
    "blockers": "inspecting.blockers",
    "threads": "inspecting.threads",
    "events": "watching.events",
    "worker": "running.worker",
    "doctor": "running.doctor",
    "init": "running.init",
    "agents": "running.agents",
    "route": "inspecting.route",
    "lookup": "inspecting.lookup",
    "new": "extending.new",
    "demo": "showing.demo",
    "replay": "replaying.replay",
    "record": "showing.record",
    "screenshot": "showing.screenshot",
}
"""Each command, and its function in `cockpit.cli`: only what is called is imported."""
GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "evidence": (
        "What a run proves, and with what.",
        {
            "list": "evidence.listing",
            "show": "evidence.show",
            "add": "evidence.add",
            "verify": "evidence.verify",
            "export": "evidence.export",
        },
    ),
    "outbox": ("Writes to other systems.", {"list": "inspecting.outbox_list", "requeue": "inspecting.outbox_requeue"}),
    "audit": ("The chain of events.", {"verify": "auditing.verify", "export": "auditing.export"}),
    "config": ("What is configured.", {"show": "running.config_show"}),
}


def parse_and_run(call: Call, words: Sequence[str]) -> int:
    """Carry out the command that the words name, and return its exit code.

    Raises:
        Usage: there is no such command or option, or a value is missing or wrong.
    """
    command = application(words[0] if words[0] in {*COMMANDS, *GROUPS, "--version"} else "")
    try:
        # Not command.main(): that has its own mind about interrupts and closed pipes.
        with _help_as_json(call, words), command.make_context("cockpit", list(words), obj=call) as context:
            return int(command.invoke(context) or 0)
    except typer.Exit as end:
        return end.exit_code
    except typer.TyperException as error:
        raise _usage(error) from error


@cache
def application(only: str) -> Any:
    """The parser of every command, or of one command or group only, which takes a tenth of the time."""
    app = _typer(help="A terminal cockpit for a software factory. Without a command, it opens the cockpit.")
    app.callback()(_cockpit)
    for name, place in COMMANDS.items():
        if only in ("", name):
            app.command(name, epilog=HELP)(_function(place))
    for group, (text, commands) in GROUPS.items():
        if only not in ("", group):
            continue
        part = _typer(help=text)
        for name, place in commands.items():
            part.command(name, epilog=HELP)(_function(place))
        app.add_typer(part, name=group)
    return typer.main.get_group(app)


def _function(place: str) -> Callable[..., int | None]:
    module, _, name = place.partition(".")
    function: Callable[..., int | None] = getattr(import_module(f"cockpit.cli.{module}"), name)
    return function


def _typer(help: str) -> typer.Typer:
    return typer.Typer(
        help=help, epilog=HELP, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def _say_version(context: typer.Context, wanted: bool) -> None:
    if wanted:
        from cockpit.version import program_version

        current(context).out.show({"version": program_version()}, f"cockpit {program_version()}")
        raise typer.Exit


def _cockpit(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    """A terminal cockpit for a software factory. Without a command, it opens the cockpit."""


@contextlib.contextmanager
def _help_as_json(call: Call, words: Sequence[str]) -> Iterator[None]:
    """With --json, the text of --help is one object too."""
    if not call.out.as_json or "--help" not in words:
        yield
        return
    text = io.StringIO()
    try:
        with contextlib.redirect_stdout(text):
            yield
    except typer.Exit:
        call.out.show({"help": text.getvalue()}, "")
        raise
    print(text.getvalue(), end="")  # it was the value of an option


def _usage(error: typer.TyperException) -> Usage:
    """The parser's complaint in our form."""
    context = getattr(error, "ctx", None)
    hint = f"{context.get_usage()}   ({context.command_path} --help)" if context is not None else "cockpit --help"
    # The words of the validation library behind the parser say nothing to people.
    message = error.format_message().replace("Value error, ", "").replace("Input should be", "it should be")
    return Usage(message if message.endswith((".", "?", ")")) else f"{message}.", " ".join(hint.split()))
