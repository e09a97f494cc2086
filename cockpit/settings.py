"""What the operator configured, as frozen values; `cockpit.config` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cockpit.setting_values import (
    Reader,
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
    trigger,
    whole,
)
from cockpit.theme_names import NAMES as THEME_NAMES
from cockpit.theme_names import OUR_DARK
from factory.model.defaults import Defaults
from factory.model.definition import Clocks, Definition
from factory.ports.agents import Tier
from factory.rules.backoff import FIRST_S, MAX_S
from factory.rules.permissions import Policy


def _key(read: Reader, default: Any) -> Any:
    return field(default=default, metadata={"read": read})


def _table(read: Reader) -> Any:
    return field(default_factory=dict, metadata={"read": read})


@dataclass(frozen=True)
class DefaultsSection:
    """`[defaults]`: what a launch gets that does not say otherwise."""

    coder: str = _key(line, "")
    verifier: str = _key(line, "")
    budget_usd: int = _key(budget, Defaults.budget_micros)
    """Micro-USD; written in dollars."""
    profile: str = _key(choice("solo", "team"), "solo")
    namespace: str = _key(line, "default")


@dataclass(frozen=True)
class AgentSection:
    """`[agents.NAME]`: an agent under a name of the operator's own."""

    use: str = _key(line, "")
    """`kind[:argument]`; empty = NAME is a kind already."""
    company: str = _key(line, "")
    """Empty = the route decides."""
    env: tuple[str, ...] = _key(lines(environment_name), ())
    """Names of environment variables that it may see beside the usual ones."""
    model: str = _key(line, "")
    """Empty = the agent's own choice."""
    program: str = _key(line, "")
    """Path or name of its program; empty = the usual name of its kind."""
    tier: Tier = _key(choice("standard", "local", "premium"), "standard")
    """What its model is; a premium one verifies only for a stated reason."""
    allow: tuple[str, ...] = _key(lines(line), ())
    """Tool rules in the agent's own words."""
    deny: tuple[str, ...] = _key(lines(line), ())
    asks: bool = _key(switch, True)
    """Permission requests come to the operator; else what is not allowed is refused by the agent itself."""
    max_turns: int = _key(whole, 0)
    """0 = no limit."""
    free: bool = _key(switch, False)
    """A local model: its calls cost nothing."""
    prices: Mapping[str, tuple[int, int, int, int]] = _table(price_table)
    """Model -> micro-USD for a million tokens of input, output, cache reads and cache writes; written in dollars."""
    options: Mapping[str, str] = _table(text_table)
    """More for its kind, such as `base_url` and `provider`."""


@dataclass(frozen=True)
class PermissionsSection:
    """`[permissions]`: who answers when an agent asks; patterns over `kind title`, such as `run python -m pytest*`."""

    allow: tuple[str, ...] = _key(lines(line), Policy.allow)
    deny: tuple[str, ...] = _key(lines(line), ())
    deadline_s: float = _key(seconds, 3600.0)
    """After so long without an answer a request is refused."""


@dataclass(frozen=True)
class BudgetSection:
    """`[budget]`: caps that all runs of the namespace share; 0 = none."""

    day_usd: int = _key(budget, 0)
    """Micro-USD for a UTC day; written in dollars."""
    namespace_usd: int = _key(budget, 0)
    """Micro-USD, ever; written in dollars."""


@dataclass(frozen=True)
class WorkerSection:
    """`[worker]`: the process that runs the workflows."""

    idle_exit_s: float = _key(seconds, 600.0)
    """It ends after so long without an open run or a client."""
    agents: int = _key(count, 2)
    """How many agents may work at the same time."""


@dataclass(frozen=True)
class VerifySection:
    """`[verify]`: when a verifier is asked, and what it may cost."""

    trigger: str = _key(trigger, "request")
    """`request`: when the coder or the operator asks; `automatic`: as soon as there are artefacts."""
    thread_cap_usd: int = _key(thread_cap, Defaults.thread_cap_micros)
    """Micro-USD; written in dollars."""


@dataclass(frozen=True)
class PrepareSection:
    """`[prepare]`: what makes a fresh checkout ready for commands."""

    command: str = _key(command_line, "")


@dataclass(frozen=True)
class RoutingSection:
    """`[routing]`: who does what; a table file or a command that prints JSON, not both."""

    table: str = _key(path, "")
    """Absolute, or relative to the home."""
    command: str = _key(command_line, "")


@dataclass(frozen=True)
class ClocksSection:
    """`[clocks]`: how long agents and checks may take, in seconds."""

    connect_s: float = _key(seconds, Clocks.connect_s)
    """For the first word of a driven agent; then it is ended and started again."""
    first_output_s: float = _key(seconds, Clocks.first_output_s)
    idle_s: float = _key(seconds, Clocks.idle_s)
    wall_s: float = _key(seconds, Clocks.wall_s)
    check_s: float = _key(seconds, Definition.check_timeout_s)


@dataclass(frozen=True)
class OutboxSection:
    """`[outbox]`: writes to other systems."""

    first_retry_s: float = _key(seconds, FIRST_S)
    """After a failure; doubled after each further one."""
    longest_retry_s: float = _key(seconds, MAX_S)


@dataclass(frozen=True)
class KnowledgeSection:
    """`[knowledge]`: where pages and memory are kept."""

    folder: str = _key(path, "knowledge")
    """Absolute, or relative to the home."""


@dataclass(frozen=True)
class NotifySection:
    """`[notify]`: how the cockpit calls for a person."""

    method: str = _key(choice("auto", "osc777", "osc9", "bell", "off"), "auto")
    """`auto`: a desktop notification where the terminal is known to show one, else the bell."""


@dataclass(frozen=True)
class ScreenSection:
    """`[screen]`: how the cockpit looks."""

    theme: str = _key(choice(*THEME_NAMES), OUR_DARK)
    ascii: str = _key(auto_switch, "auto")
    """`yes`: marks and frames in ASCII; `auto`: everything in ASCII where the locale is none of UTF-8."""
    ambiguous: str = _key(choice("auto", "narrow", "wide"), "auto")
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
    prepare: PrepareSection = PrepareSection()
    routing: RoutingSection = RoutingSection()
    clocks: ClocksSection = ClocksSection()
    keys: Mapping[str, str] = field(default_factory=dict)
    """Id of a binding -> key, for the cockpit."""
    outbox: OutboxSection = OutboxSection()
    knowledge: KnowledgeSection = KnowledgeSection()
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
    "prepare": PrepareSection,
    "routing": RoutingSection,
    "clocks": ClocksSection,
    "outbox": OutboxSection,
    "knowledge": KnowledgeSection,
    "notify": NotifySection,
    "screen": ScreenSection,
}
"""The sections with fixed keys; each key can also be set as `COCKPIT_<SECTION>_<KEY>`."""


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
    )
