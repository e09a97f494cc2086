"""Samples: a small repository in states that are known to be right or wrong, for canaries."""

from pathlib import Path
from typing import Protocol

from factory.rules.known_patches import Patch, Variant


class Samples(Protocol):
    """Keeps one sample; whoever gets a state of it gets a copy. Every method may raise `Unreachable`."""

    def read(self, path: str) -> str:
        """A file as it is in the state that is right.

        Raises:
            Missing: there is none. Malformed: it is no text.
        """
        ...

    def copy(self, name: str, variant: Variant) -> Path:
        """A folder with the files of one state, without a repository; the one of before under this name is gone."""
        ...

    def repository(self, patch: Patch) -> Path:
        """A git repository with one commit: the state that the patch starts from. Nothing in it tells another state."""
        ...

    def coder(self, patch: Patch) -> str:
        """The name of an agent that makes exactly this patch, as `Launch.coder` takes it."""
        ...
