"""Workflows under names of the operator's own."""

from typing import Protocol

from factory.errors import Missing
from factory.model.definition import Definition


class Workflows(Protocol):
    """Finds a workflow by its name."""

    def named(self, name: str, base: Definition) -> Definition:
        """The workflow of this name.

        Args:
            base: What is taken where the workflow says nothing; found under its own name, too.

        Raises:
            Missing: there is none. Malformed: it cannot be used; the sentence says why.
        """
        ...


class NoWorkflows:
    """`Workflows` without any but the usual one."""

    def named(self, name: str, base: Definition) -> Definition:
        """The usual one."""
        if name == base.name:
            return base
        raise Missing(f"There is no workflow {name!r}.", f"Known: {base.name}")
