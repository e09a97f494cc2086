"""A pytest plugin: every thread of a pool begins late, as on a busy machine. What a test does not wait for, it shows.

`python -m pytest -p tests.late_threads`, or `make test-late`.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

LATE_S = 0.05
"""Longer than a pilot waits for a process that seems idle."""

_submit = ThreadPoolExecutor.submit


def _submit_late(pool: ThreadPoolExecutor, do: Callable[..., T], /, *args: Any, **more: Any) -> "Future[T]":
    def late() -> T:
        time.sleep(LATE_S)
        return do(*args, **more)

    return _submit(pool, late)


ThreadPoolExecutor.submit = _submit_late  # type: ignore[method-assign, assignment]
