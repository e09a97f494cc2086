"""The agent programs that we know: which version we tested, how each is installed, and how people log in to it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """One program."""

    tested: str
    """Version that its recordings and tests were made with."""
    package: str
    """Of npm."""
    node: int = 0
    """The oldest major version of Node for its package; 0 = it asks for none that matters."""
    keys: tuple[str, ...] = ()
    """Environment variables of which each is a key."""
    tokens: tuple[str, ...] = ()
    """Environment variables of which each stands for an account."""
    accounts: tuple[str, ...] = ()
    """Files below the operator's home that are there after logging in to an account."""

    @property
    def install(self) -> str:
        """How to get it."""
        return f"npm install -g {self.package}"


_ANTHROPIC = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
_CLAUDE = ("CLAUDE_CODE_OAUTH_TOKEN",)
_OPENAI = ("CODEX_API_KEY", "OPENAI_API_KEY")
_GOOGLE = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
_ANY_MAKER = (*_ANTHROPIC, "OPENAI_API_KEY", *_GOOGLE, "OPENROUTER_API_KEY")
_CLAUDE_FILE = (".claude/.credentials.json",)
_CODEX_FILE = (".codex/auth.json",)
_PI_FILE = (".pi/agent/auth.json",)
_OPENCODE_FILE = (".local/share/opencode/auth.json",)
_GEMINI_FILE = (".gemini/oauth_creds.json",)

PROGRAMS: Mapping[str, Known] = {
    "claude": Known("2.1.330", "@anthropic-ai/claude-code", 22, _ANTHROPIC, _CLAUDE, _CLAUDE_FILE),
    "codex": Known("0.169.0", "@openai/codex", 0, _OPENAI, (), _CODEX_FILE),
    "pi": Known("0.87.1", "@earendil-works/pi-coding-agent", 22, _ANY_MAKER, (), _PI_FILE),
    "opencode": Known("1.18.33", "opencode-ai", 0, _ANY_MAKER, (), _OPENCODE_FILE),
    "gemini": Known("0.61.0", "@google/gemini-cli", 0, _GOOGLE, (), _GEMINI_FILE),
    "claude-agent-acp": Known(
        "0.101.0", "@agentclientprotocol/claude-agent-acp", 22, _ANTHROPIC, _CLAUDE, _CLAUDE_FILE
    ),
    "codex-acp": Known("2.6.0", "@agentclientprotocol/codex-acp", 0, _OPENAI, (), _CODEX_FILE),
    "pi-acp": Known("0.0.34", "pi-acp", 22, _ANY_MAKER, (), _PI_FILE),
}
"""By the name of the program."""
