"""`start` and `wait`: a goal becomes a run, and when the run needs somebody."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from adapters.spec_file import read_spec
from cockpit.cli.call import Call, current
from cockpit.cli.launch_text import launch_text, outputs_of
from cockpit.cli.output import plain
from cockpit.cli.values import RunArgument, at_least, dollars, goal_text, run_state, words_of
from cockpit.cli.waiting import reached_text, wait_for
from factory.errors import Usage
from factory.model.launch import Launch
from factory.model.run import Priority
from factory.operations import start as operation
from factory.operations.inspect import seen
from factory.operations.requests import wanted, with_request
from factory.rules.acceptance import parse_criteria

Goal = Annotated[
    str | None,
    typer.Argument(
        metavar="[GOAL]",
        help="What should be different afterwards; '-' reads stdin. Left out: what --spec or --from-mission says.",
        show_default=False,
    ),
]
Repo = Annotated[
    Path | None, typer.Option("--repo", metavar="DIR", help="The git repository to work on; it is only read.")
]
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="'ID: text :: command'", help="What done means. May be given several times."),
]
Prepare = Annotated[str, typer.Option(metavar="CMD", help="Command that prepares each fresh checkout.")]


def start(
    context: typer.Context,
    goal: Goal = None,
    repo: Repo = None,
    domain: Annotated[str, typer.Option(metavar="backend|frontend|product|infra", help="Overrides the route.")] = "",
    priority: Annotated[Literal["H", "M", "L"] | None, typer.Option(metavar="H|M|L", help="M unless given.")] = None,
    accept: Accept = None,
    coder: Annotated[str, typer.Option(metavar="AGENT", help="kind[:argument], or a name of [agents.NAME].")] = "",
    verifier: Annotated[str, typer.Option(metavar="AGENT", help="Another one than the coder.")] = "",
    budget: Annotated[str | None, typer.Option(metavar="USD", help="Cap of the whole run.")] = None,
    workflow: Annotated[str, typer.Option(metavar="NAME", help="One of the home's own workflows.")] = "",
    planner: Annotated[str, typer.Option(metavar="AGENT", help="Agent that makes the plan.")] = "",
    prepare: Prepare = "",
    accept_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Laid over the checkout for checks.")] = None,
    allow_dirty: Annotated[bool, typer.Option("--allow-dirty", help="Start from HEAD; leave changes out.")] = False,
    allow_green_baseline: Annotated[
        bool, typer.Option("--allow-green-baseline", help="For refactorings: checks may pass before the first attempt.")
    ] = False,
    page: Annotated[str, typer.Option(metavar="REF", help="A spec page that exists already.")] = "",
    premium: Annotated[str, typer.Option(metavar="REASON", help="Why the verifier may be a premium one.")] = "",
    key: Annotated[str, typer.Option(metavar="KEY", help="The same key attaches to the same run.")] = "",
    from_mission: Annotated[str, typer.Option(metavar="REF", help="The task in mission control behind it.")] = "",
    supersedes: Annotated[str, typer.Option(metavar="RUN", help="The run whose result this one replaces.")] = "",
    spec: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A launch written down before; what is said here wins.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Return when the run needs a person or is over.")] = False,
) -> None:
    """Start a run, or attach to the one with the same --key."""
    call = current(context)
    parse_criteria(accept or ())  # what can never be right is said before anything that could be mended elsewhere
    said = {
        "goal": None if goal is None else goal_text(goal), "repo": repo, "domain": domain or None,
        "priority": priority, "accept": tuple(accept) if accept else None, "coder": coder or None,
        "verifier": verifier or None, "budget_micros": dollars("--budget", budget), "planner": planner or None,
        "workflow": workflow or None, "prepare": words_of("--prepare", prepare) or None,
        "accept_dir": accept_dir.absolute() if accept_dir else None, "allow_dirty": allow_dirty or None,
        "allow_green_baseline": allow_green_baseline or None, "page": page or None, "key": key or None,
        "from_mission": from_mission or None, "premium": premium or None,
        "supersedes": supersedes or None,
    }  # fmt: skip
    written = read_spec(spec) if spec else {}
    fields: dict[str, Any] = written | {name: value for name, value in said.items() if value is not None}
    launch = Launch(**{"goal": "", **fields, "cwd": Path.cwd()})
    if spec and "goal" not in fields and not launch.from_mission:
        raise Usage(f"The spec {spec} says no goal.", "Write goal = '…' into it, or give GOAL.")
    if "goal" not in fields:
        launch = _from_request(call, launch, fields.get("priority"))
    _start(call, replace(launch, repo=launch.repo.absolute()), wait=wait)


def wait(
    context: typer.Context,
    run: RunArgument,
    state: Annotated[str, typer.Option("--for", metavar="STATE", help="Return in this state of the run.")] = "",
    timeout: Annotated[float | None, typer.Option(metavar="S", help="Give up after so many seconds.")] = None,
) -> None:
    """Return when the run is in STATE; without --for, when it needs a person or is over."""
    call = current(context)
    if timeout is not None:
        at_least("--timeout", timeout, 0)
    wanted = run_state("--for", state) if state else ""
    reached = wait_for(call.ports, call.out, run, wanted, timeout)
    call.out.show(reached, reached_text(reached))


def _from_request(call: Call, launch: Launch, priority: Priority | None) -> Launch:
    """The launch with what the task behind it says. Raises `Usage` when none is named either; `Missing`, `Refused`."""
    if not launch.from_mission:
        hint = "Say what should be different afterwards, or name a task (--from-mission REF) or a spec (--spec FILE)."
        raise Usage("Missing argument 'GOAL'.", hint)
    request = wanted(call.ports, launch.from_mission, launch.key)
    return replace(with_request(launch, request), priority=priority or request.priority)


def _start(call: Call, launch: Launch, *, wait: bool) -> None:
    ports = call.ports
    started = operation.start(ports, launch)
    view = seen(ports, started.run)
    made = outputs_of(view, ports.evidence.root(started.run), call.settings.knowledge_folder)
    if not wait:
        call.out.show(plain(started) | {"outputs": made}, lambda: launch_text(started, view, made))
        return
    if not call.out.as_json:
        call.out.show({}, launch_text(started, view, made))
    reached = wait_for(ports, call.out, started.run, "", None)
    value = plain(started) | plain(reached) | {"outputs": made}
    call.out.show(value, reached_text(reached))
