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
    seconds,
    thread_cap,
    trigger,
)
from cockpit.theme_names import NAMES as THEME_NAMES
from cockpit.theme_names import OUR_DARK
from factory.model.defaults import Defaults
from factory.model.definition import Clocks, Definition
from factory.rules.backoff import FIRST_S, MAX_S


def _key(read: Reader, default: Any) -> Any:
    return field(default=default, metadata={"read": read})


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
        clocks=Clocks(clocks.first_output_s, clocks.idle_s, clocks.wall_s),
        check_timeout_s=clocks.check_s,
    )
    return replace(
        Defaults(definition=definition),
        coder=chosen.coder,
        verifier=chosen.verifier,
        budget_micros=chosen.budget_usd,
        thread_cap_micros=settings.verify.thread_cap_usd,
        prepare=settings.prepare.command,
        profile="team" if chosen.profile == "team" else "solo",
        namespace=chosen.namespace,
    )
