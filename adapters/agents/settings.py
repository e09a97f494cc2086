"""A configured agent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from factory.ports.agents import Tier


@dataclass(frozen=True)
class AgentSettings:
    """`[agents.NAME]`."""

    name: str
    use: str = ""
    """`kind[:argument]`; empty = the name is a kind already."""
    company: str = ""
    """Empty = the route decides."""
    env: tuple[str, ...] = ()
    """Names of environment variables that it may see beside the usual ones."""
    model: str = ""
    """Empty = the agent's own choice."""
    program: str = ""
    """Path or name of its program; empty = the usual name of its kind."""
    allow: tuple[str, ...] = ()
    """Tool rules in the agent's own words."""
    deny: tuple[str, ...] = ()
    asks: bool = True
    """Permission requests come to the operator; else what is not allowed is refused by the agent itself."""
    tier: Tier = "standard"
    max_turns: int = 0
    """0 = no limit."""
    is_free: bool = False
    """A local model: its calls cost nothing, and that is declared."""
    prices: Mapping[str, tuple[int, int, int, int]] = field(default_factory=dict)
    """Model -> micro-USD for a million tokens of input, output, cache reads and cache writes."""
    options: Mapping[str, str] = field(default_factory=dict)
    """More for its dialect, such as `base_url` and `provider`."""
