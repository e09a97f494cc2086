"""Prompts: what an agent reads, filled in from the templates of the factory."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

PromptName = Literal["coder", "verifier", "planner", "go_on", "self_check"]


class Prompts(Protocol):
    """Renders prompts."""

    def render(self, name: PromptName, facts: Mapping[str, Any]) -> str:
        """The prompt as Markdown. Every text in `facts` is somebody else's: it is quoted, and cannot pass for ours.

        Args:
            facts: Those of `factory.rules.prompts`. A prompt can tell nothing that is not among them.
        """
        ...
