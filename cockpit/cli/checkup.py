"""What `doctor` finds: every system that the factory leans on, all of them asked now and together."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from cockpit.cli.asked_together import Question, asked_together
from cockpit.cli.call import Call
from cockpit.cli.system_line import System
from cockpit.settings import Settings
from cockpit.system_targets import with_systems
from cockpit.systems import configured_in
from factory.errors import Refused
from factory.model.outbox import PortHealth
from factory.ports.knowledge import Probed, Target, asked_of
from factory.rules.backoff import seconds_between

MEGABYTE = 1024 * 1024
LOW_MB = 1024
FULL_MB = 100
ANSWER_S = 5.0
NOT_FOR_DEFAULTS = ("scripted", "command")
"""Agent kinds that are always there and say nothing about this machine."""


def check_up(call: Call) -> tuple[System, ...]:
    """Every system, in the order in which one depends on another. Starts nothing.

    Raises:
        Malformed: the configuration, without which nothing else can be asked.
    """
    settings = call.settings  # outside of what follows: nothing can be asked without it
    first = asked_together(
        (
            Question(
                "git", lambda: _program("git", "--version", "down", "Install git: apt install git"), "git --version"
            ),
            Question("disk", lambda: _disk(call), "how much is free where the home is"),
            Question("ledger", lambda: _ledger(call), "its newest event"),
        )
    )
    if first[-1].state in ("down", "timeout"):
        return first
    return first + asked_together(
        (
            Question("worker", lambda: _worker(call), "worker.lock"),
            Question("routing", lambda: _routing(call), 'a route for the goal "doctor"'),
            Question("agents", lambda: _agents(call, settings), "which programs are installed"),
            Question("knowledge", lambda: _knowledge(call), "whether its folder is there"),
            Question("memory", lambda: _memory(call), 'a search for "doctor"'),
            *_systems(call, settings),
            Question("tmux", lambda: _program("tmux", "-V", "off", "Nice to have: apt install tmux"), "tmux -V"),
        )
    )


def _program(name: str, option: str, without: str, hint: str) -> System:
    path = shutil.which(name)
    if path is None:
        return System(name, without, hint=hint)
    try:
        said = subprocess.run([path, option], capture_output=True, timeout=ANSWER_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return System(name, "down", hint=f"{path} does not answer: {error}")
    words = said.stdout.decode("utf-8", "replace").split()
    return System(name, "up", version=words[-1] if words else "")


def _disk(call: Call) -> System:
    place = next(folder for folder in (call.home, *call.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free // MEGABYTE
    state = "down" if free < FULL_MB else "degraded" if free < LOW_MB else "up"
    return System("disk", state, version=f"{free} MB free", hint="" if state == "up" else f"Make room for {call.home}.")


def _ledger(call: Call) -> System:
    count = call.ports.ledger.head().count
    return System("ledger", "up", version=f"{count} events")


def _worker(call: Call) -> System:
    worker = call.ports.workers.state()
    if not worker.running:
        return System("worker", "off", hint="It starts by itself when it is needed.")
    return System("worker", "degraded" if worker.note else "up", version=worker.version, hint=worker.note)


def _routing(call: Call) -> System:
    try:
        notice = call.ports.router.route("doctor").notice
    except Refused as error:  # nothing fits, which is an answer; whose it is says the cause
        notice = str(error.__cause__ or "")
    return System("routing", "degraded" if notice else "up", hint=notice)


def _agents(call: Call, settings: Settings) -> System:
    infos, defaults = call.ports.agents.list(), settings.defaults
    ready = [info.name for info in infos if info.ready and info.name not in NOT_FOR_DEFAULTS]
    wanted = {*settings.agents, defaults.coder, defaults.verifier}
    missing = [info.name for info in infos if not info.ready and info.name in wanted - {*NOT_FOR_DEFAULTS}]
    if missing:
        many = (
            "1 agent that is configured is" if len(missing) == 1 else f"{len(missing)} agents that are configured are"
        )
        hint = f"{many} not ready: {', '.join(missing)}. See: cockpit agents"
        return System("agents", "degraded", version=", ".join(ready), hint=hint)
    if ready or (defaults.coder and defaults.verifier):
        return System("agents", "up", version=", ".join(ready))
    hint = "No agent is installed: use --coder command:PROGRAM --verifier command:OTHER, or see 'cockpit agents'."
    return System("agents", "degraded", hint=hint)


def _knowledge(call: Call) -> System:
    folder = call.settings.knowledge_folder
    if not folder.is_dir():
        return System("knowledge", "down", hint=f"The folder {folder} is gone; put it back, or: mkdir -m 700 {folder}")
    return _last_seen(call, System("knowledge", "up"))


def _memory(call: Call) -> System:
    call.ports.memory.recall("doctor", 1)
    return _last_seen(call, System("memory", "up"))


def _systems(call: Call, settings: Settings) -> Iterator[Question]:
    """The systems of `config.toml`, each to be asked for something that needs our credentials."""
    embedded = call.ports.targets
    for name, target in with_systems(call.ports, settings).targets.items():
        if name not in embedded:
            ask = partial(_system, call, name, target)
            yield Question(name, ask, asked_of(target), configured_in(name, settings))


def _system(call: Call, name: str, target: Target) -> System:
    if isinstance(target, Probed):
        with contextlib.closing(target):
            return System(name, "up", version=target.probe())
    return _last_seen(call, System(name, "unknown", hint="Nothing was sent to it yet."))


def _last_seen(call: Call, system: System) -> System:
    """Add what the worker saw when it last wrote there."""
    for health in call.ports.ledger.find(PortHealth, id=system.name):
        if health.state in ("down", "timeout", "degraded"):
            age_s = max(0.0, seconds_between(health.seen_at, call.ports.clock.now()))
            return replace(system, state="degraded", age_s=age_s, hint=f"The worker saw it fail: {health.detail}")
    return system
