"""Copies of packages for people to take along."""

import shutil
from pathlib import Path

from adapters.evidence.disk import disk_trouble
from factory.errors import Missing, Refused


def export_package(package: Path, folder: Path) -> Path:
    """Copy a package to a folder that does not exist yet, or is empty.

    Raises:
        Missing: the package is gone. Refused: `not_empty`. Unreachable: the disk is full or read-only.
    """
    if not package.is_dir():
        raise Missing(f"There is no package {package}.", "cockpit evidence verify RUN says what else is wrong.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        sentence = f"{folder} is there already and not empty."
        raise Refused(sentence, "Name a folder that does not exist yet.", "not_empty")
    with disk_trouble(folder):
        shutil.copytree(package, folder, dirs_exist_ok=True)
    return folder
