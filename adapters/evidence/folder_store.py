"""`EvidenceStore` as a folder a run: every file bears its own digest in its name."""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.evidence.admission import admitted, inadmissible
from adapters.evidence.disk import disk_trouble, private_folder, sync_folder, write_private
from adapters.evidence.exporting import export_package
from adapters.evidence.freezing import freeze
from adapters.evidence.inspection import fault
from adapters.evidence.intake import chunks_of, take
from adapters.evidence.trees import TREES, copy_tree, is_as_named
from factory.errors import Missing, Refused
from factory.ports.evidence import Captured, PackageFiles, Problem
from factory.rules.outputs import FOLDER as RECORD
from factory.rules.package_evidence import STORE


class FolderStore:
    """Copies of evidence under `<home>/evidence/<run>/store/<16 hex>-<name>`, private to the user.

    Every method may raise `Unreachable`: the disk is full (`disk_full`) or read-only (`read_only`).

    Args:
        secrets: Values that never reach the disk, whatever they look like. More may be added as they become known.
    """

    def __init__(self, home: Path, secrets: Sequence[bytes] = ()) -> None:
        self._secrets = secrets
        self._folder = Path(os.path.realpath(home)) / "evidence"

    def root(self, run: str) -> Path:
        """The run's evidence folder; it may not exist yet.

        Raises:
            Missing: the name is not one that a run can have.
        """
        if not re.fullmatch(r"[A-Za-z0-9_-]+", run):
            raise Missing(f"{run!r} is not the id of a run.")
        return self._folder / run

    def capture(self, run: str, name: str, source: Path, root: Path | None = None) -> Captured:
        """Copy a file in, without its secrets, in constant memory. Idempotent by content."""
        with admitted(source, root) as (file, size), disk_trouble(source):
            return self._keep(run, name, chunks_of(file, size))

    def capture_text(self, run: str, name: str, text: str) -> Captured:
        """Store a text, without its secrets, as UTF-8."""
        if not text:
            raise inadmissible(f"{name} is empty: it shows nothing.", "Give a text that says something.")
        with disk_trouble(self.root(run)):
            return self._keep(run, name, [text.encode("utf-8", "backslashreplace")])

    def capture_tree(self, run: str, name: str, folder: Path) -> Captured:
        """Copy a whole folder to `<run>/trees/<16 hex>-<name>`, byte for byte. Idempotent by content."""
        with disk_trouble(folder), self._fresh(run, TREES) as fresh:
            tree = copy_tree(folder, fresh)
            kept = f"{tree.sha256[:16]}-{_safe(name)}"
            if not (fresh.parent / kept).exists():
                fresh.rename(fresh.parent / kept)
                sync_folder(fresh.parent)
        return Captured(f"{TREES}/{kept}", tree.sha256, tree.size)

    def tree(self, run: str, path: str) -> Path:
        """A captured folder, if it is as it was."""
        tree = self.root(run) / path
        if not is_as_named(tree):
            raise Refused(
                f"The copy {tree} was changed after it was captured.",
                "Nothing can be proven with it: start the goal anew, and see who writes into the home.",
                "digest_mismatch",
            )
        return tree

    def record(self, run: str, name: str, content: Mapping[str, Any]) -> Path:
        """Write or replace `<run>/record/<name>`; its readers see the old one or the new one, whole."""
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        with disk_trouble(self.root(run)), self._fresh(run, RECORD) as fresh:
            write_private(fresh, text.encode("utf-8", "backslashreplace"))
            return fresh.replace(fresh.parent / _safe(name))

    def problems(self, run: str, items: Sequence[tuple[str, str]]) -> tuple[Problem, ...]:
        """What is wrong with (path, sha256) pairs, in their order; at most one problem each."""
        root = self.root(run)
        codes = [(path, fault(root, path, digest, within=STORE)) for path, digest in items]
        return tuple(Problem(path, code) for path, code in codes if code)

    def export(self, package: Path, folder: Path) -> Path:
        """Copy a package folder to a place of the operator's."""
        return export_package(package, folder)

    def freeze(self, run: str, name: str, package: Mapping[str, Any], files: Sequence[str]) -> PackageFiles:
        """Write the package folder `<run>/<name>/`. Idempotent by content.

        Raises:
            Refused: a file is not as it was captured, or the name is taken by another content.
            Malformed: the package holds a float.
        """
        with disk_trouble(self.root(run)):
            return freeze(self.root(run), name, package, files)

    def _keep(self, run: str, name: str, chunks: Iterable[bytes]) -> Captured:
        """Write next to the place, then move: what bears a digest is whole."""
        with self._fresh(run, STORE) as fresh:
            taken = take(chunks, fresh, self._secrets)
            kept = fresh.replace(fresh.parent / f"{taken.sha256[:16]}-{_safe(name)}")
            sync_folder(kept.parent)
        return Captured(f"{STORE}/{kept.name}", taken.sha256, taken.size, taken.redactions)

    @contextmanager
    def _fresh(self, run: str, place: str) -> Iterator[Path]:
        """A path that nobody else uses, in a folder of the run; what is still there afterwards is removed."""
        fresh = private_folder(self.root(run) / place) / f".{os.getpid()}-{os.urandom(8).hex()}"
        try:
            yield fresh
        finally:
            if fresh.is_dir():
                shutil.rmtree(fresh, ignore_errors=True)
            fresh.unlink(missing_ok=True)


def _safe(name: str) -> str:
    """The name as a part of a file name: plain letters, with its ending."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")
    plain = plain or "evidence"
    return plain if len(plain) <= 80 else f"{plain[:60]}-{plain[-19:]}".strip(".-")
