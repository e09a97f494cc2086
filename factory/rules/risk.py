"""Risk: how dangerous a change is, and whether it needs a verifier (domain §8). The real diff can only raise it."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from factory.model.run import Priority, Risk
from factory.ports.workspace import Diff
from factory.rules.words import has_word, normalise, words_of

LARGE_DIFF = 400
"""Changed lines; more than this is a risk."""

_RISKY_DOMAINS = ("backend", "infra")
_RISKY_WORDS = {
    "authentication": ("auth", "oauth*", "authent*", "authoriz*", "authoris*", "login*", "prijav*", "autentifik*"),
    "payment": ("pay", "payment*", "payout*", "billing", "refund*", "checkout*", "placanj*", "uplat*", "naplat*"),
    "migration": ("migrat*", "migracij*", "migrir*"),
    "deletion": ("delet*", "erase*", "purge*", "truncate", "obris*", "izbris*", "brisanj*", "brise*"),
    "secrets": ("secret*", "credential*", "password*", "lozink*", "tajn*", "apikey*"),
    "production": ("production", "prod", "produkcij*"),
    "permissions": ("permission*", "privilege*", "rbac", "acl", "sudo", "dozvol*", "ovlast*", "ovlasc*"),
}
_RISKY_PATHS = (
    *("*.sql", "*.tf", "*.pem", "*.key", "*dockerfile*", "*docker-compose*", ".github/*", ".gitlab-ci*", ".ci/*"),
    *(".env*", "*/.env*", "deploy/*", "*/deploy/*", "k8s/*", "*/k8s/*", "helm/*", "*/helm/*", "terraform/*"),
)


def assess_risk(
    goal: str, priority: Priority | str, domain: str, paths: Sequence[str] = (), diff_lines: int = 0
) -> Risk:
    """The risk of a goal: `high` with at least one reason, else `low`.

    Args:
        paths: Files that are, or will be, changed; relative to the repository.
        diff_lines: Added and removed lines together; 0 before there is a diff.
    """
    reasons = (
        *_standing(priority, domain),
        *(f"the goal speaks of {topic}" for topic in _topics(goal)),
        *_from_change(paths, diff_lines),
    )
    return Risk("high" if reasons else "low", reasons)


def verifier_needed(priority: Priority | str, domain: str, risk: Risk) -> tuple[bool, tuple[str, ...]]:
    """Whether a verifier must agree, and every reason for it."""
    reasons = tuple(dict.fromkeys((*_standing(priority, domain), *risk.reasons)))
    return bool(reasons) or risk.level == "high", reasons


def raised(risk: Risk, diff: Diff) -> Risk:
    """The risk after a look at the real diff: never lower, never with fewer reasons."""
    reasons = tuple(dict.fromkeys((*risk.reasons, *_from_change(diff.files, diff.added + diff.removed))))
    return Risk("high" if reasons else risk.level, reasons)


def _standing(priority: str, domain: str) -> list[str]:
    reasons = ["the priority is H"] if priority == "H" else []
    return [*reasons, f"the domain is {domain}"] if domain in _RISKY_DOMAINS else reasons


def _topics(text: str) -> list[str]:
    words = words_of(text)
    return [topic for topic, stems in _RISKY_WORDS.items() if any(has_word(stem, words) for stem in stems)]


def _from_change(paths: Sequence[str], diff_lines: int) -> list[str]:
    reasons = []
    for path in paths:
        if topics := _topics(path):
            reasons.append(f"{path} is about {' and '.join(topics)}")
        elif any(fnmatchcase(normalise(path), pattern) for pattern in _RISKY_PATHS):
            reasons.append(f"{path} is a risky place")
    if diff_lines > LARGE_DIFF:
        reasons.append(f"the diff has {diff_lines} lines, more than {LARGE_DIFF}")
    return reasons
