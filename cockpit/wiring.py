"""The one place that knows which adapter fills which port.

Clients come here for their ports; they never import the engine, nor what migrates the ledger. The worker does.
"""

import errno
import math
import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.agents.registry import LocalAgents
from adapters.agents.settings import AgentSettings
from adapters.checks import LocalChecks
from adapters.clock import SystemClock
from adapters.evidence.folder_store import FolderStore
from adapters.knowledge.markdown import MarkdownFolder
from adapters.knowledge.pages import JinjaPages
from adapters.knowledge.prompts import JinjaPrompts
from adapters.late_target import LateTarget
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from adapters.memory.fts import FtsMemory
from adapters.prices import ListedPrices
from adapters.process import inside_agent
from adapters.routing.command import CommandRouter
from adapters.routing.table import TableRouter
from adapters.routing.with_table import RouterWithTable
from adapters.statistics import ScipyStatistics
from adapters.workflow_files import WorkflowFiles
from adapters.workspace.git_workspace import GitWorkspace
from cockpit.first_ports import LEDGER, local_workers
from cockpit.settings import AgentSection, Settings, launch_defaults
from cockpit.system_secrets import LateSecrets, every_secret
from cockpit.systems import copies, launches_by_itself
from cockpit.version import program_version
from factory.errors import Unreachable
from factory.ports.bundle import Ports
from factory.ports.knowledge import Router
from factory.rules.backoff import backoff
from factory.rules.mission import MISSION
from factory.rules.permissions import Policy

if TYPE_CHECKING:
    from adapters.engine.work import Aside, Work

ENGINE = "engine.db"
MEMORY = "memory.db"
FOLDERS = ("agents", "evidence", "git", "log", "scratch", "worktrees")
"""Made when they are missing. The knowledge folder is made only with the home: one that vanished is an outage."""
TEMPLATES = "templates"
"""Folder of the home whose page templates are taken instead of ours."""
WORKFLOWS = "workflows"
"""Folder of the home with the workflows of the operator's own, a file each."""
WORKER = "worker"
LEASE_S = 90.0
"""Longer than a worker takes to be replaced."""


def open_ports(settings: Settings, actor: str) -> Ports:
    """Every port of a home, which is made when it is not there. Whoever opens them closes them with `close_ports`.

    Args:
        actor: Who will act: `operator:NAME`, or `worker`.

    Raises:
        Unreachable: the home or its ledger cannot be used. Refused: `newer_schema`, `older_schema`.
    """
    home = settings.home
    make_home(settings)
    clock = SystemClock()
    memory = FtsMemory(home / MEMORY)
    knowledge = MarkdownFolder(settings.knowledge_folder)
    return Ports(
        clock=clock,
        ledger=open_ledger(home / LEDGER, clock),
        workspace=GitWorkspace(home),
        agents=local_agents(settings),
        checks=LocalChecks(),
        evidence=FolderStore(home, LateSecrets(settings)),
        memory=memory,
        pages=JinjaPages(home / TEMPLATES),
        prompts=JinjaPrompts(),
        router=_router(settings),
        workers=local_workers(home),
        inside_agent=inside_agent,
        prices=ListedPrices(),
        statistics=ScipyStatistics(),
        workflows=WorkflowFiles(home / WORKFLOWS),
        defaults=launch_defaults(settings),
        targets={target.name: target for target in (knowledge, memory)},
        copies=copies(settings),
        scratch=home / "scratch",
        version=program_version(),
        operator_path=os.environ.get("PATH", os.defpath),
        actor=actor,
    )


def close_ports(ports: Ports) -> None:
    """Give back what the ports hold open."""
    for target in ports.targets.values():
        if isinstance(target, LateTarget):
            target.close()
    if isinstance(ports.ledger, SqlLedger):
        ports.ledger.close()


@contextmanager
def opened_ports(settings: Settings, actor: str) -> Iterator[Ports]:
    """The ports of a home for as long as a block runs. Raises what `open_ports` raises."""
    ports = open_ports(settings, actor)
    try:
        yield ports
    finally:
        close_ports(ports)


def make_home(settings: Settings) -> None:
    """Make the home and its folders, private; what is there stays as it is.

    Raises:
        Unreachable: `read_only`, `disk_full` or `home`; the sentence names the folder.
    """
    home = settings.home
    is_new = not (home / LEDGER).exists()
    names = (*FOLDERS, str(settings.knowledge_folder)) if is_new else FOLDERS
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            (home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(home, error) from error


def local_agents(settings: Settings, secrets: Sequence[bytes] = (), lease_s: float = LEASE_S) -> LocalAgents:
    """The agents of this machine, with those that are configured.

    Args:
        secrets: Of the systems around the factory, which nothing of an attempt may hold.
        lease_s: An agent is ended when nobody waited for it for so long.
    """
    known = {name: _agent_settings(name, each) for name, each in settings.agents.items()}
    asking = settings.permissions
    policy = Policy(asking.allow, asking.deny)
    asked_s = asking.deadline_s
    return LocalAgents(settings.home, known, policy=policy, ask_deadline_s=asked_s, secrets=secrets, lease_s=lease_s)


def _agent_settings(name: str, section: AgentSection) -> AgentSettings:
    return AgentSettings(
        name,
        section.use,
        section.company,
        section.env,
        model=section.model,
        program=section.program,
        allow=section.allow,
        deny=section.deny,
        asks=section.asks,
        tier=section.tier,
        max_turns=section.max_turns,
        is_free=section.free or section.tier == "local",
        prices=section.prices,
        options=section.options,
    )


def run_worker(settings: Settings) -> None:
    """Be the worker of a home, in the foreground, until it is told to end or nobody needs one.

    Raises:
        Refused: `locked`, `newer_schema`. Unreachable: home, ledger or engine cannot be used.
    """
    # The engine's libraries take half a second to import; only the worker pays.
    from adapters.engine.host import EngineSettings
    from adapters.engine.work import WorkerSettings
    from adapters.engine.worker import run_worker as run

    home = settings.home
    make_home(settings)
    engine = EngineSettings(url=f"sqlite:///{home / ENGINE}", agents_at_once=settings.worker.agents)
    told = WorkerSettings(
        home=home,
        version=program_version(),
        ledger=home / LEDGER,
        engine=engine,
        idle_exit_s=math.inf if launches_by_itself(settings) else settings.worker.idle_exit_s,
    )
    run(told, partial(_work, settings))


def _work(settings: Settings) -> "Work":
    """What the worker does: the factory's workflow, over the same ports as everybody's."""
    from adapters.engine.work import Work
    from cockpit.canary_home import clear_up
    from cockpit.listening import listeners
    from cockpit.system_targets import ask_early, with_systems
    from factory.workflow.breaking import tell_broken
    from factory.workflow.building import build_child
    from factory.workflow.delivery import take_back_claims
    from factory.workflow.run import run_workflow
    from factory.workflow.verifying import verify_child

    secrets = every_secret(settings)
    own = replace(open_ports(settings, WORKER), agents=local_agents(settings, secrets.values))
    ports = with_systems(own, settings, secrets)
    ask_early(ports, settings)
    take_back_claims(ports)  # called once the lock is held: nobody else delivers
    clear_up(ports, settings.home)
    return Work(
        ports=ports,
        run_workflow=run_workflow,
        children={"build": build_child, "verify": verify_child},
        deliver_due=_deliveries(ports, settings),
        on_broken=partial(tell_broken, ports),
        aside=(*listeners(ports, settings), *_canaries(ports, settings)),
    )


def _canaries(ports: Ports, settings: Settings) -> tuple["Aside", ...]:
    """What shows the verifier known patches now and then; nothing unless that is configured."""
    if not settings.canary.every_runs:
        return ()
    from cockpit.canaries import scheduled

    found = scheduled(settings, ports)
    return (found,) if found else ()


def _deliveries(ports: Ports, settings: Settings) -> Callable[[Ports, str, str], float]:
    """One pass over what is due for a target; what the mirror or the page of the metrics lacks is queued first."""
    from factory.workflow.delivery import deliver_due
    from factory.workflow.measuring import MetricsPage
    from factory.workflow.mirroring import Mirror

    lacking = {MISSION: Mirror(ports).look, "knowledge": MetricsPage(ports).look}
    outbox = settings.outbox
    pause = partial(backoff, first_s=outbox.first_retry_s, max_s=outbox.longest_retry_s)

    def deliver(ports: Ports, now: str, target: str) -> float:
        if target in lacking:
            lacking[target]()
        return deliver_due(ports, now, pause, target=target)

    return deliver


def _router(settings: Settings) -> Router:
    routing = settings.routing
    table = TableRouter(settings.home / routing.table if routing.table else None)
    return RouterWithTable(CommandRouter(shlex.split(routing.command)), table) if routing.command else table


def _unusable(home: Path, error: OSError) -> Unreachable:
    codes = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EROFS: "read_only"}
    return Unreachable(
        f"The home {home} cannot be made: {error.strerror} ({error.filename}).",
        "Choose another one with --home DIR or COCKPIT_HOME.",
        codes.get(error.errno or 0, "home"),
    )
