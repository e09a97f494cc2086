"""The end of patience for one answer: httpx limits each silence, and a byte now and then is never silent.

Nothing is unpacked either: a few kilobytes of a packed answer can be gigabytes.
"""

import time
from collections.abc import Callable, Iterator

import httpx

MAX_BYTES = 64 * 1024 * 1024
"""What answers as much as this is not the server that we speak to."""


class WholeAnswer(httpx.BaseTransport):
    """A transport whose answers have to be whole in time; a stream of events never is, and may go on.

    Args:
        whole_s: From the request to the last byte.
    """

    def __init__(self, inner: httpx.BaseTransport, whole_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._whole_s = whole_s
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Reading the answer may raise `httpx.ReadTimeout`, or `ReadError` when it is too big.

        Raises:
            httpx.ReadError: it is packed, which nobody asked for.
        """
        end = self._clock() + self._whole_s
        response = self._inner.handle_request(request)
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            response.close()
            raise httpx.ReadError("the answer is packed, which nobody asked for")
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            return response
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _InTime(response.stream, lambda: self._clock() > end)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class _InTime(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, is_late: Callable[[], bool]) -> None:
        self._inner = inner
        self._is_late = is_late

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._inner:
            size += len(part)
            if self._is_late():
                raise httpx.ReadTimeout("the answer did not end in time")
            if size > MAX_BYTES:
                raise httpx.ReadError("the answer does not end")
            yield part

    def close(self) -> None:
        self._inner.close()
