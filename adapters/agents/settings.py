"""A configured agent."""

from dataclasses import dataclass


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
