"""An agent as a line for people."""

from factory.ports.agents import AgentInfo

_STANDING = {"tested": "tested", "newer": "newer than tested", "older": "older than tested"}


def agent_row(info: AgentInfo) -> dict[str, str]:
    """The cells of its line."""
    return {
        "name": info.name,
        "ready": "yes" if info.ready else "no",
        "version": version_text(info),
        "login": info.login,
        "works": ", ".join(info.can),
        "hint": info.hint,
    }


def version_text(info: AgentInfo) -> str:
    """`2.1.330 (tested: 2.1.330)`, or how it stands to the tested one; empty when no version is known."""
    if not (info.version and info.tested):
        return info.version
    return f"{info.version} ({_STANDING.get(info.standing, 'tested')}: {info.tested})"
