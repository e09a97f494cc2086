"""`EvidenceStore` without streaming, redaction or syncing: plain files in a folder."""

import json
import shutil
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from factory.errors import Missing, Refused
from factory.model.audit import canonical_json
from factory.ports.evidence import Captured, PackageFiles, Problem


class FakeEvidence:
    """Stores what it is given, as it is; the files are real, so a test may tamper with them."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def root(self, run: str) -> Path:
        """The run's folder."""
        return self._home / "evidence" / run

    def capture(self, run: str, name: str, source: Path, root: Path | None = None) -> Captured:
        """Copy a file."""
        escapes = root is not None and not source.resolve().is_relative_to(root.resolve())
        if source.is_symlink() or source.is_dir() or escapes or ":/" in str(source):
            raise Refused(f"{source} cannot be evidence.", "Give a file.", "inadmissible_source")
        if not source.exists():
            raise Missing(f"There is no file {source}.")
        return self._keep(run, name, source.read_bytes())

    def capture_text(self, run: str, name: str, text: str) -> Captured:
        """Store a text."""
        return self._keep(run, name, text.encode("utf-8", "backslashreplace"))

    def capture_tree(self, run: str, name: str, folder: Path) -> Captured:
        """Copy a folder."""
        if not folder.is_dir():
            raise Missing(f"There is no folder {folder}.")
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        if not files or any(not path.resolve().is_relative_to(folder.resolve()) for path in folder.rglob("*")):
            raise Refused(f"{folder} cannot be evidence.", "Give a folder with files.", "inadmissible_source")
        contents = _contents(folder)
        digest = sha256(repr(contents).encode()).hexdigest()
        path = f"trees/{digest[:16]}-{name}"
        for file, content in contents:
            (self.root(run) / path / file).parent.mkdir(parents=True, exist_ok=True)
            (self.root(run) / path / file).write_bytes(content)
        return Captured(path, digest, sum(len(content) for _, content in contents))

    def tree(self, run: str, path: str) -> Path:
        """A captured folder, if it is as it was."""
        tree = self.root(run) / path
        if not tree.name.startswith(sha256(repr(_contents(tree)).encode()).hexdigest()[:16]):
            raise Refused(f"The copy {tree} was changed.", "Start anew.", "digest_mismatch")
        return tree

    def record(self, run: str, name: str, content: Mapping[str, Any]) -> Path:
        """Write JSON."""
        target = self.root(run) / "record" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return target

    def problems(self, run: str, items: Sequence[tuple[str, str]]) -> tuple[Problem, ...]:
        """Compare digests."""
        codes = [(path, self._code(self.root(run), path, digest)) for path, digest in items]
        return tuple(Problem(path, code) for path, code in codes if code)

    def export(self, package: Path, folder: Path) -> Path:
        """Copy a package folder."""
        if folder.exists():
            raise Refused(f"{folder} is there already.", "Name another.", "not_empty")
        shutil.copytree(package, folder)
        return folder

    def freeze(self, run: str, name: str, package: Mapping[str, Any], files: Sequence[str]) -> PackageFiles:
        """Write `package.json`, and nothing beside it."""
        target, body = self.root(run) / name, canonical_json(package).encode()
        for path in files:
            prefix = path.partition("/")[2][:16]
            if not sha256((self.root(run) / path).read_bytes()).hexdigest().startswith(prefix):
                raise Refused(f"{path} is not as it was captured.", "Capture it again.", "digest_mismatch")
        if target.exists() and (target / "package.json").read_bytes() != body:
            raise Refused(f"The package {name} is frozen with another content.", "Use a new name.")
        target.mkdir(parents=True, exist_ok=True)
        (target / "package.json").write_bytes(body)
        return PackageFiles(target, sha256(body).hexdigest())

    def _keep(self, run: str, name: str, content: bytes) -> Captured:
        if not content:
            raise Refused(f"{name} is empty.", "Give a file that holds something.", "inadmissible_source")
        digest = sha256(content).hexdigest()
        path = f"store/{digest[:16]}-{name.replace('/', '-')}"
        (self.root(run) / "store").mkdir(parents=True, exist_ok=True)
        (self.root(run) / path).write_bytes(content)
        return Captured(path, digest, len(content))

    def _code(self, root: Path, path: str, digest: str) -> str:
        file = root / path
        if not path.startswith("store/") or ".." in path:
            return "outside_store"
        if file.is_symlink():
            return "link"
        if not file.exists():
            return "missing"
        if not file.is_file():
            return "malformed"
        return "" if sha256(file.read_bytes()).hexdigest() == digest else "digest_mismatch"


def _contents(folder: Path) -> list[tuple[str, bytes]]:
    """Names and contents of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(str(path.relative_to(folder)), path.read_bytes()) for path in files]
