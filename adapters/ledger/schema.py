"""The number of the ledger's schema; without any library, for whoever looks before the libraries are there."""

from factory.errors import Refused

SCHEMA = 8
"""The number of this schema: clients compare it, the newest migration carries it."""


def check_schema(number: int, name: str) -> None:
    """Let through what this program can use. Raises `Refused`."""
    if number > SCHEMA:
        raise Refused(
            f"The ledger {name} has schema {number}, and this program knows {SCHEMA}.",
            hint="Install the newer version of the cockpit.",
            code="newer_schema",
        )
    if number < SCHEMA:
        raise Refused(
            f"The ledger {name} has schema {number}, and this program needs {SCHEMA}; the worker migrates it.",
            hint="cockpit worker",
            code="older_schema",
        )
