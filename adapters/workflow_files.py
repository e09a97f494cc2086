"""Workflows of the operator's own: a TOML file each, in one folder."""

from pathlib import Path

from adapters.toml_file import read_toml
from factory.errors import Malformed, Missing
from factory.model.definition import Definition
from factory.rules.workflows import workflow_from

RENAME = "Give the file a name of its own, and name that."


class WorkflowFiles:
    """`Workflows` over a folder.

    Args:
        folder: It holds `NAME.toml`; need not be there. A file is read anew for each launch: an edit needs no restart.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def named(self, name: str, base: Definition) -> Definition:
        """The workflow of this name; the usual one under its own.

        Raises:
            Missing: there is no such file. Malformed: it cannot be used; the sentence names file and key.
        """
        file = self._folder / f"{name}.toml"
        if name == base.name:
            if name in self._names():
                raise Malformed(f"{file} is not read: {name!r} is the usual workflow, which stays as it is.", RENAME)
            return base
        if name not in self._names():
            raise Missing(
                f"There is no workflow {name!r} in {self._folder}.", f"Known: {', '.join((base.name, *self._names()))}"
            )
        table = read_toml(file, "workflow", "Correct it, or name another one.")
        return workflow_from(str(file), name, table, base)

    def _names(self) -> tuple[str, ...]:
        return tuple(sorted(file.stem for file in self._folder.glob("*.toml")))
