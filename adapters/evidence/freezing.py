"""Writes an evidence package: a folder that anybody can check with `sha256sum -c MANIFEST.sha256`."""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from adapters.evidence.content import encoded
from adapters.evidence.disk import private_folder, sync_folder, write_private
from adapters.evidence.inspection import digest_of, is_inside
from adapters.evidence.manifest import MANIFEST, PACKAGE, written
from adapters.evidence.trees import TREES
from factory.errors import Malformed, Missing, Refused
from factory.ports.evidence import PackageFiles
from factory.rules.outputs import FOLDER as RECORD
from factory.rules.package import first_float
from factory.rules.package_evidence import STORE, package_path

_TAKEN = (STORE, TREES, RECORD)
_STORED = re.compile(rf"{STORE}/([0-9a-f]{{16}})-[A-Za-z0-9._-]+")


def freeze(root: Path, name: str, package: Mapping[str, Any], files: Sequence[str]) -> PackageFiles:
    """Write the package `root/name`, whole or not at all; the same content again changes nothing.

    Args:
        root: The run's evidence folder.
        files: Paths in the store, relative to the root.
    """
    target = _place(root, name)
    body = _body(package)
    fresh = private_folder(root) / f".{name}-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        digests = _gather(root, fresh, files)
        _compare(digests, package)
        digests[PACKAGE] = sha256(body).hexdigest()
        write_private(fresh / PACKAGE, body)
        write_private(fresh / MANIFEST, written(digests).encode())
        sync_folder(fresh)
        _publish(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return PackageFiles(target, digests[PACKAGE])


def _place(root: Path, name: str) -> Path:
    """The folder of a package."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) or name in _TAKEN:
        raise Malformed(f"{name!r} cannot name a package.", "Use letters, digits, - and _.")
    return root / name


def _body(package: Mapping[str, Any]) -> bytes:
    """The exact bytes of `package.json`: canonical, so that their digest is the package's."""
    if where := first_float(package):
        raise Malformed(f"The package holds a float at {where}; money and scores are whole numbers.")
    return encoded(package)


def _gather(root: Path, fresh: Path, files: Sequence[str]) -> dict[str, str]:
    """Put the evidence into the new package; digests by path in the package."""
    private_folder(fresh / "evidence")
    digests: dict[str, str] = {}
    for file in files:
        path = package_path(file)
        if path not in digests:
            _link(root, file, fresh / path)
            digests[path] = _unchanged(file, fresh / path)
    sync_folder(fresh / "evidence")
    return digests


def _link(root: Path, file: str, target: Path) -> None:
    """The same file under a second name; a copy where the disk has no hard links."""
    if not is_inside(file, STORE) or not _STORED.fullmatch(file):
        raise Refused(f"{file} is not in the evidence store.", "Capture it first.", "outside_store")
    source = root / file
    if source.is_symlink() or (root / STORE).is_symlink():
        raise Refused(f"{file} is a link.", "Capture the file itself.", "link")
    try:
        os.link(source, target)
    except FileNotFoundError as error:
        raise Missing(f"{file} is gone from the evidence store.", "Capture it again.") from error
    except OSError:
        shutil.copyfile(source, target)


def _unchanged(file: str, copy: Path) -> str:
    """The digest of a file that is still the one its name tells of."""
    code, digest = digest_of(copy)
    stored = _STORED.fullmatch(file)
    if code or stored is None or not digest.startswith(stored[1]):
        raise Refused(f"{file} is not as it was captured.", "Capture it again.", "digest_mismatch")
    return digest


def _compare(digests: Mapping[str, str], package: Mapping[str, Any]) -> None:
    """Stop when the statement is about other files or other bytes than the ones that lie here."""
    subjects = {subject["name"]: subject["digest"].get("sha256") for subject in package.get("subject", ())}
    stated = {name: digest for name, digest in subjects.items() if digest}
    if stated != digests:
        wrong = sorted(name for name in stated.keys() | digests.keys() if stated.get(name) != digests.get(name))
        raise Refused(f"{wrong[0]} is not the file that the package speaks of.", "Capture it again.", "digest_mismatch")


def _publish(fresh: Path, target: Path) -> None:
    """Give the package its name, unless it has it already."""
    try:
        fresh.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        if any(_bytes(target / name) != _bytes(fresh / name) for name in (PACKAGE, MANIFEST)):
            raise Refused(f"The package {target.name} is frozen with another content.", "Use a new name.") from None
    sync_folder(target.parent)


def _bytes(path: Path) -> bytes | None:
    """What a file holds; None when it is not there."""
    return path.read_bytes() if path.is_file() else None
