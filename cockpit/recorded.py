"""The app as far as it records its own screen. What goes to the terminal is heard at the driver, and nowhere else."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.driver import Driver
from textual.events import Mount, Resize
from textual.reactive import reactive

from cockpit.moment import Moment
from cockpit.screens.operator import OperatorApp
from cockpit.surroundings import Surroundings

if TYPE_CHECKING:
    from cockpit.recording import Recording


class RecordedApp(OperatorApp):
    """Records from one `R` to the next, or until the cockpit is left; from its first picture on when it was told to."""

    recording: "reactive[Recording | None]" = reactive(None, repaint=False)
    """What is being recorded; None = nothing is."""
    surroundings: Surroundings
    moment: reactive[Moment]
    _is_turning = False

    @on(Mount)
    def take_up_what_has_begun(self) -> None:
        """Let the recording that was begun for this cockpit hear its first picture."""
        if self.surroundings.cast is not None:
            self.call_after_refresh(self._take_up, self.surroundings.cast)

    @work(group="record")
    async def turn_recording(self) -> None:
        """Begin, or end and say where it is; the disk is asked in threads."""
        if self._is_turning:
            return
        self._is_turning = True
        try:
            await (self._begin_recording() if self.recording is None else self._end_recording(self.recording))
        finally:
            self._is_turning = False

    def on_resize(self, event: Resize) -> None:
        if self.recording:
            self.recording.resized(*event.size)

    def on_unmount(self) -> None:
        if self.recording:
            self.recording.stop()

    async def _begin_recording(self) -> None:
        folder = self.surroundings.recordings
        if folder is None:
            self.say("There is no folder for recordings here.", "warn")
            return
        begun = datetime.fromisoformat(self.moment.now)
        from cockpit.recording import Recording  # with the patterns of secrets, which no first picture needs

        try:
            made = await asyncio.to_thread(
                Recording, _free(folder, begun), self.size, int(begun.timestamp()), self.monotonic
            )
        except OSError as error:
            self.say(f"Nothing is recorded: {folder}: {error.strerror}.", "bad")
            return
        self._take_up(made)

    def _take_up(self, made: "Recording") -> None:
        """Let a recording hear what is on screen now, and everything from now on."""
        if self._driver is None:
            return
        _hear(self._driver, made.wrote)
        made.wrote(self._picture())
        self.recording = made
        self.say(f"Recording what you see and type; R stops: {made.file}", "good")

    async def _end_recording(self, ended: "Recording") -> None:
        if self._driver is not None:
            _hear(self._driver, None)
        self.recording = None
        await asyncio.to_thread(ended.stop)
        if ended.problem:
            self.say(f"The recording is not whole ({ended.problem}): {ended.file}", "bad")
        else:
            self.say(f"Recorded: {ended.file}", "good")

    def _picture(self) -> str:
        lines = self.screen._compositor.render_strips(self.size)
        return "\x1b[2J\x1b[H" + "\r\n".join(line.render(self.console) for line in lines)


def _free(folder: Path, begun: datetime) -> Path:
    """A name that is not taken yet, by the time."""
    name = begun.strftime("cockpit-%Y%m%d-%H%M%S")
    tries = (folder / f"{name}{f'-{number}' if number else ''}.cast" for number in range(1000))
    return next(file for file in tries if not file.exists())


def _hear(driver: Driver, hear: Callable[[str], None] | None) -> None:
    """Hand on what is written to the terminal from now on; None = no longer."""
    vars(driver).pop("write", None)
    if hear is None:
        return
    write = driver.write

    def both(data: str) -> None:
        write(data)
        hear(data)

    driver.write = both  # type: ignore[method-assign]
