"""One place where failures of the engine's library and database become `Unreachable`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dbos import error as engine_errors
from sqlalchemy.exc import SQLAlchemyError

from factory.errors import Unreachable


@contextmanager
def speaking_to_engine() -> Iterator[None]:
    """Turn what the engine and its database raise into `Unreachable`, code `engine`."""
    try:
        yield
    except (engine_errors.DBOSException, SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise Unreachable(
            f"The durable engine cannot work: {_first_line(error)}",
            hint="Check the free space and the permissions of engine.db in the home; runs go on where they were.",
            code="engine",
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
