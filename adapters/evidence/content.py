"""What `package.json` says, compared with the files that lie beside it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.evidence.manifest import PACKAGE
from factory.model.audit import canonical_json
from factory.ports.evidence import Problem
from factory.rules.package import PREDICATE_TYPE, STATEMENT_TYPE, first_float

_MOST_BYTES = 64 << 20


def read_package(file: Path) -> dict[str, Any] | None:
    """The statement; None when it is not there, not JSON, or not in its one canonical form."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > _MOST_BYTES:
        return None
    body = file.read_bytes()
    try:
        package = json.loads(body)
        if not isinstance(package, dict) or first_float(package) or encoded(package) != body:
            return None
    except (ValueError, RecursionError):
        return None
    return package


def encoded(package: Mapping[str, Any]) -> bytes:
    """The exact bytes of `package.json`; half a character pair stays the escape that JSON has for it."""
    return canonical_json(package).encode("utf-8", "backslashreplace")


def content_problems(package: dict[str, Any] | None, digests: Mapping[str, str]) -> list[Problem]:
    """Where the statement is not one of ours, or speaks of other files than the manifest lists."""
    if package is None or not _is_statement(package):
        return [Problem(PACKAGE, "malformed")]
    stated, evidence = _files(package)
    listed = {name: digest for name, digest in digests.items() if name != PACKAGE}
    problems = [Problem(name, "missing") for name in sorted(stated.keys() - listed.keys())]
    problems += [Problem(name, "unlisted") for name in sorted(listed.keys() - stated.keys())]
    differ = sorted(
        name for name in listed.keys() & stated.keys() if {stated[name], evidence.get(name)} != {listed[name]}
    )
    return problems + [Problem(name, "digest_mismatch") for name in differ]


def digest_approved(package: dict[str, Any] | None) -> str:
    """Digest of the package that this one says was approved; empty when it names none."""
    if package is None or not _is_statement(package):
        return ""
    approved = package["predicate"]["approvedPackage"]
    return str(approved["digest"]["sha256"]) if approved else ""


def _files(package: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The digests that the statement names for files: as subjects, and as evidence."""
    subjects = {part["name"]: part["digest"]["sha256"] for part in package["subject"] if "sha256" in part["digest"]}
    return subjects, {item["path"]: item["digest"]["sha256"] for item in package["predicate"]["evidence"]}


def _is_statement(package: dict[str, Any]) -> bool:
    """Whether it has the shape of an in-toto Statement with our predicate."""
    predicate, subject = package.get("predicate"), package.get("subject")
    if package.get("_type") != STATEMENT_TYPE or package.get("predicateType") != PREDICATE_TYPE:
        return False
    if not isinstance(predicate, dict) or not isinstance(subject, list):
        return False
    evidence, approved = predicate.get("evidence"), predicate.get("approvedPackage", "")
    return (
        all(isinstance(part, dict) and isinstance(part.get("name"), str) and _digests(part) for part in subject)
        and isinstance(evidence, list)
        and all(isinstance(item, dict) and isinstance(item.get("path"), str) for item in evidence)
        and all("sha256" in _digests(item) for item in evidence)
        and (approved is None or "sha256" in _digests(approved))
    )


def _digests(part: object) -> dict[str, str]:
    """The digests that a part carries; none when it is not of that form."""
    digest = part.get("digest") if isinstance(part, dict) else None
    return digest if isinstance(digest, dict) and all(isinstance(value, str) for value in digest.values()) else {}
