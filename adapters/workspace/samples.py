"""Samples for canaries: copies of a folder, each in the state that is asked for."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from adapters.workspace.git import Git
from factory.errors import Malformed, Missing, Unreachable
from factory.rules.known_patches import Patch, Variant

_LEFT_OUT = (".git", "__pycache__", ".pytest_cache")


class FolderSamples:
    """`Samples` in a folder of their own.

    Args:
        folder: Ours alone; need not exist.
        right: The files in the state that is right; only read.
        message: Of the commit that a repository begins with.
    """

    def __init__(self, folder: Path, right: Path, message: str) -> None:
        self._folder = folder
        self._right = right
        self._message = message

    def read(self, path: str) -> str:
        """A file of the state that is right."""
        try:
            return (self._right / path).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise Missing(f"There is no file {path} in the sample.", "Name one that is committed.") from error
        except UnicodeDecodeError as error:
            raise Malformed(f"{path} is not UTF-8 text, so it cannot be changed.") from error
        except OSError as error:
            raise Unreachable(f"{path} cannot be read: {error.strerror}.") from error

    def copy(self, name: str, variant: Variant) -> Path:
        """A fresh copy with the files of the variant."""
        place = self._folder / name
        try:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(self._right, place, ignore=shutil.ignore_patterns(*_LEFT_OUT), symlinks=True)
            _write(place, variant.changes)
        except (OSError, shutil.Error) as error:
            raise Unreachable(f"The sample cannot be copied to {place}: {error}.", "Make room on the disk.") from error
        return place

    def repository(self, patch: Patch) -> Path:
        """A copy with a repository of its own (`git init`, `git add`, `git commit`)."""
        place = self.copy(f"sample-{patch.n}", patch.base)
        git = Git.at(place)
        git.run("init", "-q", "-b", "main")
        git.run("add", "--all", "--force")  # also what is ignored: it was committed where it comes from
        git.run("commit", "-q", "-m", self._message)
        return place

    def coder(self, patch: Patch) -> str:
        """A scenario that writes the files of the patch."""
        files = {path: patch.result.changes.get(path) or self.read(path) for path in patch.touched}
        actions = [{"write": path, "text": text} for path, text in files.items()]
        result = {"summary": "", "cost_usd": 0, "model": "scripted"}
        turn = {"role": "coder", "attempt": 1, "actions": [*actions, {"result": result}]}
        place = self._folder / f"patch-{patch.n}.json"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.write_text(json.dumps({"turns": [turn]}), encoding="utf-8")
        except OSError as error:
            raise Unreachable(f"{place} cannot be written: {error.strerror}.", "Make room on the disk.") from error
        return f"scripted:{place}"

    def remove(self) -> None:
        """Remove every copy."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _write(folder: Path, changes: Mapping[str, str]) -> None:
    for path, text in changes.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_symlink():
            place.unlink()  # it may lead to a file of the operator's
        place.write_text(text, encoding="utf-8")
