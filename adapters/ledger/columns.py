"""The words in which tables and migrations describe their columns; every name list is separated by spaces."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Text, false

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are called, so that a migration can name the one it changes."""


def identity() -> list[Column[Any]]:
    """What every entity has. `born` is the `seq` of the event that stored it first: the order of all lists."""
    return [
        Column("id", Text, primary_key=True),
        *texts("namespace created_at updated_at"),
        *numbers("version"),
        Column("born", BigInteger, nullable=False),
    ]


def owner(*, required: bool = True) -> list[Column[Any]]:
    """The run that a row belongs to."""
    return [Column("run", Text, ForeignKey("runs.id"), nullable=not required, index=True)]


def texts(names: str) -> list[Column[Any]]:
    """Texts, never NULL; times and ids too."""
    return [Column(name, Text, nullable=False) for name in names.split()]


def optional_texts(names: str) -> list[Column[Any]]:
    """Texts whose empty value is stored as NULL, so that a unique key or a reference may be left out."""
    return [Column(name, Text, nullable=True) for name in names.split()]


def numbers(names: str) -> list[Column[Any]]:
    """Whole numbers of 64 bits, never NULL; money too."""
    return [Column(name, BigInteger, nullable=False) for name in names.split()]


def optional_numbers(names: str) -> list[Column[Any]]:
    """Whole numbers that may be unknown."""
    return [Column(name, BigInteger, nullable=True) for name in names.split()]


def flags(names: str) -> list[Column[Any]]:
    """Yes or no."""
    return [Column(name, Boolean, nullable=False) for name in names.split()]


def later_flags(names: str) -> list[Column[Any]]:
    """Yes or no; no in the rows from before the column was added."""
    return [Column(name, Boolean, nullable=False, server_default=false()) for name in names.split()]


def nested(names: str) -> list[Column[Any]]:
    """Values with parts of their own, as JSON."""
    return [Column(name, JSON, nullable=False) for name in names.split()]


def optional_nested(names: str) -> list[Column[Any]]:
    """Values with parts of their own that may be missing."""
    return [Column(name, JSON(none_as_null=True), nullable=True) for name in names.split()]
