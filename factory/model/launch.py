"""What an operator asks for when starting a run, and what the factory would make of it."""

from dataclasses import dataclass
from pathlib import Path

from factory.model.run import Criterion, Priority, Risk, Route


@dataclass(frozen=True)
class Launch:
    """A wish to start a run, as typed. `start` checks it; nothing is stored before it passes."""

    goal: str
    repo: Path = Path()
    cwd: Path = Path()
    """Against which relative programs and files are resolved."""
    domain: str = ""
    priority: Priority = "M"
    accept: tuple[str, ...] = ()
    """`ID: text :: command`, one each."""
    coder: str = ""
    """Empty = the configured default."""
    verifier: str = ""
    budget_micros: int | None = None
    """None = the configured default."""
    planner: str = ""
    prepare: str = ""
    """Command line that prepares each fresh checkout."""
    accept_dir: Path | None = None
    allow_dirty: bool = False
    allow_green_baseline: bool = False
    page: str = ""
    """Reference of a spec page that exists already."""
    key: str = ""
    """Idempotency key: the same one attaches to the same run."""
    from_mission: str = ""
    supersedes: str = ""
    """The run whose result this one is to replace; empty = none, or the newest finished one of the same task."""
    workflow: str = ""
    """Empty = the configured default."""
    premium: str = ""
    """Why the verifier may be a premium one."""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What would happen: route, risk, verifier, criteria. Every problem is a sentence with its fix."""

    route: Route
    risk: Risk
    verifier_required: bool
    verifier_reasons: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    coder: str
    verifier: str
    budget_micros: int
    workflow: str = ""
    """Empty = the usual one."""
    problems: tuple[str, ...] = ()
    """Why `start` would refuse; empty = it would accept."""
    about: tuple[str, ...] = ()
    """The value that each problem is about: `goal repo domain accept coder verifier budget workflow`."""
    notes: tuple[str, ...] = ()
    """Worth knowing: dirty files left out, …"""


@dataclass(frozen=True)
class Recent:
    """Something that was launched before."""

    run: str
    state: str
    launch: Launch
    """As it could be launched again."""
