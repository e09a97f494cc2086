"""What the operator configured, as frozen values, each with the function that reads it; `cockpit.config` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cockpit.setting_values import (
    NONE,
    auto_switch,
    budget,
    choice,
    command_line,
    count,
    environment_name,
    line,
    lines,
    path,
    price_table,
    seconds,
    switch,
    text_table,
    thread_cap,
    verify_trigger,
    whole,
)
from cockpit.system_settings import KnowledgeSection, LookupSection, MemorySection, MissionSection, SinkSection
from cockpit.theme_names import NAMES as THEME_NAMES
from cockpit.theme_names import OUR_DARK
from factory.model.defaults import Defaults
from factory.model.definition import Clocks, Definition
from factory.rules.backoff import FIRST_S, MAX_S
from factory.rules.money import CANARY_MICROS
from factory.rules.permissions import Policy

if TYPE_CHECKING:
    from factory.ports.agents import Tier


class DefaultsSection(NamedTuple):
    """`[defaults]`: what a launch gets that does not say otherwise."""

    coder: Annotated[str, line] = ""
    verifier: Annotated[str, line] = ""
    budget_usd: Annotated[int, budget] = Defaults.budget_micros
    """Micro-USD; written in dollars."""
    workflow: Annotated[str, line] = ""
    """One of the home's own; empty = the usual one."""
    profile: Annotated[str, choice("solo", "team")] = "solo"
    namespace: Annotated[str, line] = "default"


class AgentSection(NamedTuple):
    """`[agents.NAME]`: an agent under a name of the operator's own."""

    use: Annotated[str, line] = ""
    """`kind[:argument]`; empty = NAME is a kind already."""
    company: Annotated[str, line] = ""
    """Empty = the route decides."""
    env: Annotated[tuple[str, ...], lines(environment_name)] = ()
    """Names of environment variables that it may see beside the usual ones."""
    model: Annotated[str, line] = ""
    """Empty = the agent's own choice."""
    program: Annotated[str, line] = ""
    """Path or name of its program; empty = the usual name of its kind."""
    tier: Annotated["Tier", choice("standard", "local", "premium")] = "standard"
    """What its model is; a premium one verifies only for a stated reason."""
    allow: Annotated[tuple[str, ...], lines(line)] = ()
    """Tool rules in the agent's own words."""
    deny: Annotated[tuple[str, ...], lines(line)] = ()
    asks: Annotated[bool, switch] = True
    """Permission requests come to the operator; else what is not allowed is refused by the agent itself."""
    max_turns: Annotated[int, whole] = 0
    """0 = no limit."""
    free: Annotated[bool, switch] = False
    """A local model: its calls cost nothing."""
    prices: Annotated[Mapping[str, tuple[int, int, int, int]], price_table] = NONE
    """Model -> micro-USD for a million tokens of input, output, cache reads and cache writes; written in dollars."""
    options: Annotated[Mapping[str, str], text_table] = NONE
    """More for its kind, such as `base_url` and `provider`."""


class PermissionsSection(NamedTuple):
    """`[permissions]`: who answers when an agent asks; patterns over `kind title`, such as `run python -m pytest*`."""

    allow: Annotated[tuple[str, ...], lines(line)] = Policy.allow
    deny: Annotated[tuple[str, ...], lines(line)] = ()
    deadline_s: Annotated[float, seconds] = 3600.0
    """After so long without an answer a request is refused."""


class BudgetSection(NamedTuple):
    """`[budget]`: caps that all runs of the namespace share; 0 = none."""

    day_usd: Annotated[int, budget] = 0
    """Micro-USD for a UTC day; written in dollars."""
    namespace_usd: Annotated[int, budget] = 0
    """Micro-USD, ever; written in dollars."""


class WorkerSection(NamedTuple):
    """`[worker]`: the process that runs the workflows."""

    idle_exit_s: Annotated[float, seconds] = 600.0
    """It ends after so long without an open run or a client."""
    agents: Annotated[int, count] = 2
    """How many agents may work at the same time."""


class VerifySection(NamedTuple):
    """`[verify]`: when a verifier is asked, and what it may cost."""

    trigger: Annotated[str, verify_trigger] = "request"
    """`request`: when the coder or the operator asks; `automatic`: as soon as there are artefacts."""
    thread_cap_usd: Annotated[int, thread_cap] = Defaults.thread_cap_micros
    """Micro-USD; written in dollars."""


class CanarySection(NamedTuple):
    """`[canary]`: known patches for the default verifier, by itself."""

    every_runs: Annotated[int, whole] = 0
    """After so many ended runs; 0 = only when somebody asks (`cockpit canary`)."""
    n: Annotated[int, count] = 12
    """Patches of one canary."""
    budget_usd: Annotated[int, budget] = CANARY_MICROS
    """Micro-USD for all verdicts of one canary; written in dollars."""


class MetricsSection(NamedTuple):
    """`[metrics]`: what is measured about the factory itself."""

    trial: Annotated[bool, switch] = False
    """Give each new run that no rule gives a verifier an arm: a verifier, or a check of its own work by the coder."""


class PrepareSection(NamedTuple):
    """`[prepare]`: what makes a fresh checkout ready for commands."""

    command: Annotated[str, command_line] = ""


class RoutingSection(NamedTuple):
    """`[routing]`: who does what: a command that prints JSON is asked first, a table of words when there is none."""

    table: Annotated[str, path] = ""
    """Absolute, or relative to the home; empty = the built-in one."""
    command: Annotated[str, command_line] = ""
    """Gets the goal as its last argument; the table stands in for one that fails."""


class ClocksSection(NamedTuple):
    """`[clocks]`: how long agents and checks may take, in seconds."""

    connect_s: Annotated[float, seconds] = Clocks.connect_s
    """For the first word of a driven agent; then it is ended and started again."""
    first_output_s: Annotated[float, seconds] = Clocks.first_output_s
    idle_s: Annotated[float, seconds] = Clocks.idle_s
    wall_s: Annotated[float, seconds] = Clocks.wall_s
    check_s: Annotated[float, seconds] = Definition.check_timeout_s


class OutboxSection(NamedTuple):
    """`[outbox]`: writes to other systems."""

    first_retry_s: Annotated[float, seconds] = FIRST_S
    """After a failure; doubled after each further one."""
    longest_retry_s: Annotated[float, seconds] = MAX_S


class NotifySection(NamedTuple):
    """`[notify]`: how the cockpit calls for a person."""

    method: Annotated[str, choice("auto", "osc777", "osc9", "bell", "off")] = "auto"
    """`auto`: a desktop notification where the terminal is known to show one, else the bell."""


class ScreenSection(NamedTuple):
    """`[screen]`: how the cockpit looks."""

    theme: Annotated[str, choice(*THEME_NAMES)] = OUR_DARK
    ascii: Annotated[str, auto_switch] = "auto"
    """`yes`: marks and frames in ASCII; `auto`: everything in ASCII where the locale is none of UTF-8."""
    ambiguous: Annotated[str, choice("auto", "narrow", "wide")] = "auto"
    """`wide`: the terminal draws characters of ambiguous width two cells wide; `auto`: as its language suggests."""


@dataclass(frozen=True)
class Settings:
    """Everything configured, for one home."""

    home: Path
    """Absolute; need not exist yet."""
    defaults: DefaultsSection = DefaultsSection()
    agents: Mapping[str, AgentSection] = field(default_factory=dict)
    permissions: PermissionsSection = PermissionsSection()
    budget: BudgetSection = BudgetSection()
    worker: WorkerSection = WorkerSection()
    verify: VerifySection = VerifySection()
    canary: CanarySection = CanarySection()
    metrics: MetricsSection = MetricsSection()
    prepare: PrepareSection = PrepareSection()
    routing: RoutingSection = RoutingSection()
    clocks: ClocksSection = ClocksSection()
    keys: Mapping[str, str] = field(default_factory=dict)
    """Id of a binding -> key, for the cockpit."""
    outbox: OutboxSection = OutboxSection()
    mission: MissionSection = MissionSection()
    knowledge: KnowledgeSection = KnowledgeSection()
    memory: MemorySection = MemorySection()
    sinks: Mapping[str, SinkSection] = field(default_factory=dict)
    lookup: LookupSection = LookupSection()
    notify: NotifySection = NotifySection()
    screen: ScreenSection = ScreenSection()
    origins: Mapping[str, str] = field(default_factory=dict)
    """`section.key` -> `config.toml` or the environment variable; what is not here is a default."""

    @property
    def knowledge_folder(self) -> Path:
        """Where the pages are; absolute."""
        return self.home / self.knowledge.folder


SECTIONS: Mapping[str, type] = {
    "defaults": DefaultsSection,
    "permissions": PermissionsSection,
    "budget": BudgetSection,
    "worker": WorkerSection,
    "verify": VerifySection,
    "canary": CanarySection,
    "metrics": MetricsSection,
    "prepare": PrepareSection,
    "routing": RoutingSection,
    "clocks": ClocksSection,
    "outbox": OutboxSection,
    "mission": MissionSection,
    "knowledge": KnowledgeSection,
    "memory": MemorySection,
    "lookup": LookupSection,
    "notify": NotifySection,
    "screen": ScreenSection,
}
"""The sections with fixed keys; each key can also be set as `COCKPIT_<SECTION>_<KEY>`."""


TABLES: Mapping[str, type] = {"agents": AgentSection, "sinks": SinkSection}
"""Sections under names of the operator's own."""


def launch_defaults(settings: Settings) -> Defaults:
    """The settings as every launch takes them."""
    chosen = settings.defaults
    clocks = settings.clocks
    definition = Definition(
        auto_verify=settings.verify.trigger == "automatic",
        clocks=Clocks(clocks.first_output_s, clocks.idle_s, clocks.wall_s, clocks.connect_s),
        check_timeout_s=clocks.check_s,
    )
    return replace(
        Defaults(definition=definition),
        coder=chosen.coder,
        verifier=chosen.verifier,
        budget_micros=chosen.budget_usd,
        thread_cap_micros=settings.verify.thread_cap_usd,
        day_cap_micros=settings.budget.day_usd,
        namespace_cap_micros=settings.budget.namespace_usd,
        prepare=settings.prepare.command,
        profile="team" if chosen.profile == "team" else "solo",
        namespace=chosen.namespace,
        workflow=chosen.workflow,
        trial=settings.metrics.trial,
    )
