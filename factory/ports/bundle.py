"""All ports together, as the wiring fills them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from factory.model.defaults import Defaults
from factory.ports.agents import Agents
from factory.ports.checks import Checks
from factory.ports.clock import Clock
from factory.ports.evidence import EvidenceStore
from factory.ports.knowledge import Memory, Pages, Router, Target
from factory.ports.ledger import Ledger
from factory.ports.prices import NoPrices, Prices
from factory.ports.prompts import Prompts
from factory.ports.statistics import NoStatistics, Statistics
from factory.ports.worker import Workers
from factory.ports.workflows import NoWorkflows, Workflows
from factory.ports.workspace import Workspace


@dataclass(frozen=True)
class Ports:
    """Everything that the workflow and the operations need, filled by the wiring."""

    clock: Clock
    ledger: Ledger
    workspace: Workspace
    agents: Agents
    checks: Checks
    evidence: EvidenceStore
    memory: Memory
    pages: Pages
    prompts: Prompts
    router: Router
    workers: Workers
    inside_agent: Callable[[], str]
    """The run whose agent (or a descendant of it) is calling; empty for a person."""
    prices: Prices = field(default_factory=NoPrices)
    statistics: Statistics = field(default_factory=NoStatistics)
    workflows: Workflows = field(default_factory=NoWorkflows)
    defaults: Defaults = field(default_factory=Defaults)
    targets: Mapping[str, Target] = field(default_factory=dict)
    """By name; only the worker writes to them."""
    at_once: Mapping[str, int] = field(default_factory=dict)
    """Target -> how many items it may have accepted and not finished; any number unless it is named here."""
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Operation -> names of the systems that get the same write as the embedded target does."""
    scratch: Path = Path()
    """Folder for files on their way into the evidence store."""
    version: str = "0"
    """Version of the program, as packages name their generator."""
    operator_path: str = ""
    """PATH of whoever started this process; a run's checks use the one of its start."""
    actor: str = "operator"
    """Who acts through these ports: `operator:NAME` for clients, `worker` for the worker."""
