"""Prompts from the templates of the factory. What others wrote is quoted line by line: none of it passes for ours."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from adapters.knowledge.plain import Safe, longest_run
from factory.ports.prompts import PromptName
from factory.rules.visible import one_line, visible

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_LINES = 200
"""Of one list, such as the files that were changed."""


class JinjaPrompts:
    """`Prompts` over `factory/templates/prompt_*.md.j2`. A fact that is missing is a defect, and raises."""

    @cached_property
    def _templates(self) -> "Environment":
        from adapters.knowledge.templates import prompt_templates

        return prompt_templates()

    def render(self, name: PromptName, facts: Mapping[str, Any]) -> str:
        """The prompt."""
        text = self._templates.get_template(f"prompt_{name}.md.j2").render(facts)
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"  # nothing quoted has an empty line in it


def said(value: object) -> str:
    """A value inside a line of ours: on one line, nothing hidden."""
    return value if isinstance(value, Safe) else one_line(str(value))


def quoted(value: object) -> Safe:
    """A text, or several, as a quotation."""
    texts = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
    whole = "\n".join(str(text) for text in texts).replace("\r\n", "\n")
    return Safe("\n".join(f"> {line}".rstrip() for line in visible(whole).split("\n")))


def listed(values: Iterable[object]) -> Safe:
    """One value a line, up to `MOST_LINES`."""
    lines = [f"- {said(value)}" for value in values]
    more = [f"- and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return Safe("\n".join([*lines[:MOST_LINES], *more]) or "- none")


def untrusted(value: object) -> Safe:
    """A text in a fence that says what it is, and that nothing in the text can close."""
    text = visible(str(value))
    fence = "`" * max(3, longest_run("`", text) + 1)
    return Safe(f"{fence}untrusted\n{text.strip()}\n{fence}")


FILTERS = {"quoted": quoted, "listed": listed, "untrusted": untrusted}
