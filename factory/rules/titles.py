"""How names of proofs say what a command was run for: who makes evidence and who reads it agree here."""

BASE_TESTS = "-base-tests"
"""Ends the name of an acceptance that ran again with the base's tests, because the coder had changed some."""
FINDING, COMMAND = "-finding-", "-command-"
"""Stand before the number of a command that a verifier named: in a finding, or besides."""


def is_of_base_tests(title: str) -> bool:
    """An acceptance that ran again with the base's tests."""
    return f"{BASE_TESTS}." in title


def is_of_verifier(title: str) -> bool:
    """A command that a verifier named."""
    return FINDING in title or COMMAND in title
