"""Checks an evidence package, or all those of a run, from their files alone."""

import os
from collections.abc import Iterator
from pathlib import Path

from adapters.evidence.content import content_problems, digest_approved, read_package
from adapters.evidence.disk import disk_trouble
from adapters.evidence.inspection import digest_of, fault, is_inside
from adapters.evidence.manifest import MANIFEST, PACKAGE, read
from adapters.evidence.trees import TREES, is_as_named
from factory.errors import Missing
from factory.ports.evidence import Problem
from factory.rules.package_evidence import STORE


def verify_package(path: Path) -> tuple[int, tuple[Problem, ...]]:
    """How many files were checked, and what is wrong with them; needs no ledger.

    Args:
        path: A package's folder, its `package.json` or manifest, or a run's evidence folder: then every package in it
            and the store are checked.

    Raises:
        Missing: there is nothing at this path. Unreachable: it may not be read.
    """
    with disk_trouble(path):
        if not path.exists():
            raise Missing(f"There is nothing at {path}.", "Give the folder that holds package.json.")
        return _verify_any(path)


def _verify_any(path: Path) -> tuple[int, tuple[Problem, ...]]:
    """Check what lies at a path: a package, or a run's evidence folder."""
    folder = Path(os.path.realpath(path.parent if path.is_file() and path.name in (PACKAGE, MANIFEST) else path))
    if not folder.is_dir():
        return 0, (Problem(str(path), "not_a_package"),)
    if _is_package(folder):
        return _verify(folder)
    packages = sorted(child for child in folder.iterdir() if not child.name.startswith(".") and _is_package(child))
    if not packages:
        return 0, (Problem(str(path), "not_a_package"),)
    return _verify_run(folder, packages)


def _is_package(folder: Path) -> bool:
    """Whether a folder is, or claims to be, a package."""
    return folder.is_dir() and any(os.path.lexists(folder / name) for name in (PACKAGE, MANIFEST))


def _verify_run(folder: Path, packages: list[Path]) -> tuple[int, tuple[Problem, ...]]:
    """Check every package of a run, that they refer to each other, the store, and copied folders."""
    checked, problems = _verify_store(folder)
    trees = [tree for tree in sorted(folder.glob(f"{TREES}/*")) if not tree.name.startswith(".")]
    problems += [Problem(f"{TREES}/{tree.name}", "digest_mismatch") for tree in trees if not is_as_named(tree)]
    known = {digest_of(package / PACKAGE)[1] for package in packages}
    for package in packages:
        if package.is_symlink():
            problems.append(Problem(package.name, "link"))
            continue
        count, found = _verify(package)
        checked += count
        problems += [Problem(f"{package.name}/{problem.path}", problem.code) for problem in found]
        approved = digest_approved(read_package(package / PACKAGE))
        if approved and approved not in known:
            problems.append(Problem(f"{package.name}/{PACKAGE}", "missing"))
    return checked + len(trees), tuple(problems)


def _verify_store(folder: Path) -> tuple[int, list[Problem]]:
    """Check that each file of the store is the one that its name tells of."""
    names = [name for name in _walk(folder / STORE) if not name.startswith(".")]
    problems = []
    for name in names:
        code, digest = digest_of(folder / STORE / name)
        if (folder / STORE / name).is_symlink():
            code = "link"
        elif not code and not name.startswith(f"{digest[:16]}-"):
            code = "digest_mismatch"
        if code:
            problems.append(Problem(f"{STORE}/{name}", code))
    return len(names), problems


def _verify(folder: Path) -> tuple[int, tuple[Problem, ...]]:
    """Check one package: its manifest both ways, every digest, and what `package.json` says of them."""
    digests = _manifest(folder)
    if digests is None:
        return 0, (Problem(MANIFEST, "malformed" if os.path.lexists(folder / MANIFEST) else "missing"),)
    found = [(name, fault(folder, name, digest)) for name, digest in sorted(digests.items())]
    unlisted = [(name, "unlisted") for name in _walk(folder) if name not in digests and name != MANIFEST]
    links = [(name, "link") for name, _ in unlisted if (folder / name).is_symlink()]
    problems = [Problem(name, code) for name, code in (*found, *(links or unlisted)) if code]
    problems += content_problems(read_package(folder / PACKAGE), digests)
    return len(digests), tuple(dict.fromkeys(problems))


def _manifest(folder: Path) -> dict[str, str] | None:
    """Files and digests as the manifest lists them; None when it cannot be read."""
    file = folder / MANIFEST
    if file.is_symlink() or not file.is_file():
        return None
    digests = read(file.read_bytes().decode("utf-8", "replace"))
    return digests if digests and PACKAGE in digests and all(map(is_inside, digests)) else None


def _walk(folder: Path) -> Iterator[str]:
    """Every file and link below a folder, relative to it; links are not followed."""
    for place, folders, files in os.walk(folder):
        here = Path(place)
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in sorted((*files, *linked)):
            yield str((here / name).relative_to(folder))
