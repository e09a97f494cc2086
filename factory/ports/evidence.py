"""The evidence store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Captured:
    """A copy in the store."""

    path: str
    """Relative to the run's evidence folder."""
    sha256: str
    size: int
    redactions: int = 0


@dataclass(frozen=True)
class PackageFiles:
    """A frozen package on disk."""

    path: Path
    digest: str
    """sha256 of `package.json`."""


@dataclass(frozen=True)
class Problem:
    """Something wrong in a package or store."""

    path: str
    code: str
    """`missing digest_mismatch outside_store not_a_package unlisted link malformed`."""


class EvidenceStore(Protocol):
    """Content-addressed copies of evidence, one folder a run."""

    def root(self, run: str) -> Path:
        """The run's evidence folder (absolute, resolved)."""
        ...

    def capture(self, run: str, name: str, source: Path, root: Path | None = None) -> Captured:
        """Copy a file in, redacting secrets on the way, in constant memory. Idempotent by content.

        Args:
            root: A folder that the source must lie in once every link is followed.

        Raises:
            Missing: no such file. Refused: `inadmissible_source` (link, folder, pipe, empty, outside `root`).
        """
        ...

    def capture_text(self, run: str, name: str, text: str) -> Captured:
        """Store a text, redacted."""
        ...

    def capture_tree(self, run: str, name: str, folder: Path) -> Captured:
        """Copy a whole folder in (no links out), as the acceptance folder; the digest covers names and contents.

        Raises:
            Missing: no such folder. Refused: `inadmissible_source`.
        """
        ...

    def tree(self, run: str, path: str) -> Path:
        """Where a captured folder lies (absolute), now that its digest was checked again.

        Raises:
            Refused: `digest_mismatch`, it is not as it was captured.
        """
        ...

    def record(self, run: str, name: str, content: Mapping[str, Any]) -> Path:
        """Write (or replace) `record/<name>`: a JSON projection of the ledger for people and scripts, no evidence."""
        ...

    def problems(self, run: str, items: Sequence[tuple[str, str]]) -> tuple[Problem, ...]:
        """Check (path, sha256) pairs against the store: present, inside, no links, digest unchanged."""
        ...

    def export(self, package: Path, folder: Path) -> Path:
        """Copy a package folder to a place of the operator's; returns where it is now.

        Raises:
            Refused: `not_empty`, something is there already. Missing: the package is gone.
        """
        ...

    def freeze(self, run: str, name: str, package: Mapping[str, Any], files: Sequence[str]) -> PackageFiles:
        """Write a package folder: `package.json`, `MANIFEST.sha256`, `evidence/…`. Idempotent by content."""
        ...
