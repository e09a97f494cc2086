"""Where canaries are verified: a home of its own inside the operator's, with the same agents.

Its name does not tell a verifier what it is for: one that knew would be tested on something else.
"""

import asyncio
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from adapters.engine.at_once import NoWorker, run_until_it_waits
from adapters.engine.now_and_then import NowAndThen
from adapters.evidence.folder_store import FolderStore
from adapters.workspace.samples import FolderSamples
from cockpit.canary_home import FOLDER, alone
from cockpit.canary_samples import OwnRepository, demo_sample, own_sample
from cockpit.settings import AgentSection, Settings
from cockpit.system_secrets import every_secret
from cockpit.wiring import local_agents, opened_ports
from factory.errors import SourceError
from factory.operations.canary import measure
from factory.operations.canary_due import Due
from factory.operations.canary_wish import RunWhole, Sample, Tell, Wish
from factory.ports.bundle import Ports
from factory.rules.known_patches import Report
from factory.workflow.building import build_child
from factory.workflow.offload import offload
from factory.workflow.run import run_workflow
from factory.workflow.verifying import verify_child

LEASE_S = 20.0
"""A verifier whose canary was killed ends so soon."""
DEADLINE_S = 1.0
"""Nobody is asked for a permission here: what the rules do not allow is refused."""


@dataclass(frozen=True)
class Wanted:
    """One canary, as it is asked for."""

    verifier: str
    n: int
    seed: int
    budget_micros: int
    cwd: Path
    """Against which a relative program is resolved."""
    where: OwnRepository | None = None
    """None = the demo's repository."""


def run_canary(settings: Settings, ports: Ports, wanted: Wanted, tell: Tell) -> Report:
    """Measure a verifier, here and now. Killed at any time, what it started ends by itself (`LEASE_S`).

    Raises:
        SourceError: what `measure` and `opened_other` raise.
    """
    return asyncio.run(run_canary_here(settings, ports, wanted, tell))


async def run_canary_here(settings: Settings, ports: Ports, wanted: Wanted, tell: Tell) -> Report:
    """The same in a loop that is there already."""
    with opened_other(settings, ports) as other:
        folder = other.scratch / ports.clock.new_id("sample")
        try:
            sample, samples = await offload(_sample, ports, other, folder, wanted.where)
            wish = Wish(wanted.verifier, wanted.cwd, wanted.n, wanted.seed, wanted.budget_micros, sample)
            return await measure(ports, other, samples, wish, RUN_WHOLE, tell)
        finally:
            _tidy_up(other, settings.home / FOLDER)


def scheduled(settings: Settings, ports: Ports) -> NowAndThen | None:
    """What shows the default verifier known patches by itself, when that is configured. No run waits for it."""
    section, verifier = settings.canary, settings.defaults.verifier
    if not section.every_runs or not verifier:
        return None
    due = Due(ports.ledger, section.every_runs)

    async def look() -> None:
        if await offload(due.is_due):
            due.begin_again()
            seed = ports.ledger.head().count  # other patches each time
            wanted = Wanted(verifier, section.n, seed, section.budget_usd, settings.home)
            report = await run_canary_here(settings, ports, wanted, lambda _: None)
            _log.info("A canary of %s: %s of %s patches.", report.verifier, report.done, report.asked)

    return NowAndThen("canary", look)


def _tidy_up(other: Ports, home: Path) -> None:
    """Remove what is large and told already; the ledger, the evidence and what the agents said are kept."""
    for worktree in (home / "worktrees").glob("*/*"):
        other.workspace.remove(worktree)
    for name in ("git", "scratch", "worktrees"):
        shutil.rmtree(home / name, ignore_errors=True)


def _sample(ports: Ports, other: Ports, folder: Path, where: OwnRepository | None) -> tuple[Sample, FolderSamples]:
    return own_sample(ports, other, folder, where) if where else demo_sample(ports, folder)


_log = logging.getLogger(__name__)

RUN_WHOLE: RunWhole = partial(run_until_it_waits, run_workflow, {"build": build_child, "verify": verify_child})


@contextmanager
def opened_other(settings: Settings, ports: Ports) -> Iterator[Ports]:
    """The ports of that home, for one canary at a time.

    Args:
        settings: Of the operator's home.
        ports: Of the operator's home.

    Raises:
        Refused: `locked`, another canary is at work. Unreachable: the home cannot be used.
    """
    home = settings.home / FOLDER
    absolute = {name: _absolute(ports, settings.home, section) for name, section in settings.agents.items()}
    asking = settings.permissions._replace(deadline_s=DEADLINE_S)
    own = replace(settings, home=home, agents=absolute, permissions=asking)
    secrets = every_secret(settings).values
    with opened_ports(own, ports.actor) as other, alone(home):
        yield replace(
            other,
            agents=local_agents(own, secrets, LEASE_S),
            evidence=FolderStore(home, secrets),
            router=ports.router,
            workers=NoWorker(),
        )


def _absolute(ports: Ports, home: Path, section: AgentSection) -> AgentSection:
    """The same agent, with its program by its whole path: a relative one is relative to the operator's home."""
    if not section.use:
        return section
    try:
        return section._replace(use=ports.agents.check(section.use, home))
    except SourceError:  # it is said when somebody asks for this agent
        return section
