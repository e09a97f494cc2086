"""Writes the output of a process to its log: redacted, with a size cap, never failing. Stdlib only, for the shim."""

# The shim loads this while its program runs already, and many a program ends before pathlib would be there.
# ruff: noqa: PTH123

import os
import time
from collections.abc import Sequence
from functools import cached_property

from adapters.agents.hold_files import instant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from factory.rules.redaction import Redactor

    AnyPath = str | os.PathLike[str]

CAP_BYTES = 32 << 20
"""How much of an output is kept, unless the task says otherwise."""
_PULSE_S = 0.5


class Capture:
    """The log of one process.

    Args:
        log: Where the output goes, as the bytes that came, but for secrets.
        pulse: A file that tells how many bytes came so far: its age is the silence.
        secrets: Values to cut out whatever they look like.
        growth: A file that gets a line `UTC BYTES` whenever the log is seen to have grown; empty = none does.
    """

    def __init__(
        self,
        log: "AnyPath",
        pulse: "AnyPath",
        cap_bytes: int = CAP_BYTES,
        secrets: Sequence[bytes] = (),
        growth: "AnyPath" = "",
    ) -> None:
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._pulse_file = pulse
        self._growth_file = growth
        self._pulse_at, self._told = 0.0, 0
        self._secrets = secrets
        self._cap = self._room = cap_bytes
        self._full = False
        self.output_bytes = 0
        """What came."""
        self.dropped_bytes = 0
        """What came beyond the cap, or when the disk was full."""
        self.problem = ""

    @property
    def redactions(self) -> int:
        """Secrets that were cut out."""
        return self._redactor.count if self.output_bytes else 0

    @cached_property
    def _redactor(self) -> "Redactor":
        from factory.rules.redaction import Redactor  # only for programs that say something

        return Redactor(self._secrets)

    def write(self, chunk: bytes) -> None:
        """Take what came."""
        self.output_bytes += len(chunk)
        if self._full:
            self.dropped_bytes += len(chunk)
        else:
            self._keep(self._redactor.feed(chunk))

    def close(self) -> None:
        """Write the rest."""
        if self.output_bytes and not self._full:
            self._keep(self._redactor.close())
        self._pulse_at = 0.0
        self.pulse()
        os.close(self._log)

    def pulse(self) -> None:
        """Tell how much came, if more did; to be called a few times a second."""
        now = time.monotonic()
        if self.output_bytes == self._told or now - self._pulse_at < _PULSE_S:
            return
        self._pulse_at, self._told = now, self.output_bytes
        try:
            with open(self._pulse_file, "w") as file:
                file.write(f"{self.output_bytes}\n")
            if self._growth_file:
                with open(self._growth_file, "a") as file:
                    file.write(f"{instant(time.time())} {self._cap - self._room}\n")
        except OSError as error:
            self.problem = self.problem or f"The log could not be written: {error.strerror}."

    def _keep(self, data: bytes) -> None:
        """Write up to the cap."""
        kept, beyond = data[: self._room], data[self._room :]
        self._room -= len(kept)
        self._put(kept)
        if beyond and not self._full:
            self._put(f"\n[cockpit: only the first {self._cap} bytes of the output are kept]\n".encode())
        if beyond:
            self._full = True
            self.dropped_bytes += len(beyond) + len(self._redactor.close())

    def _put(self, data: bytes) -> None:
        """Write, or note why not; whoever writes the output must not be held up by a full disk."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._log, rest) :]
        except OSError as error:
            self._full = True
            self.problem = f"The log could not be written: {error.strerror}."
            self.dropped_bytes += len(rest)
