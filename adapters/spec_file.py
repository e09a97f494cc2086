"""A spec on the disk."""

from pathlib import Path
from typing import Any

from adapters.toml_file import read_toml
from factory.errors import Missing
from factory.rules.spec import spec_from


def read_spec(file: Path) -> dict[str, Any]:
    """The fields of `Launch` that a spec says.

    Raises:
        Missing: there is no such file. Malformed: it cannot be used; the sentence names file and key.
    """
    if not file.exists():
        raise Missing(f"There is no spec {file}.", "cockpit new spec NAME writes the beginning of one.")
    return spec_from(str(file), read_toml(file, "spec", "Correct it."), file.absolute().parent)
