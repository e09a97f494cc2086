"""Lays one folder over another: acceptance tests over a checkout that somebody else wrote."""

import os
import shutil
from pathlib import Path

LEFT_OUT = frozenset({".git", "__pycache__"})
"""Laid over a checkout, the one would replace its repository and the other its byte code."""


def lay_over(overlay: Path, target: Path) -> None:
    """Copy the files and folders of the overlay, but for `LEFT_OUT`. What is in their way is removed, no link followed.

    Raises:
        OSError: the overlay is gone, the disk is full, …
    """
    if not overlay.is_dir():
        raise FileNotFoundError(2, "No such folder", str(overlay))
    for place, folders, files in os.walk(overlay):
        folders[:], files[:] = ([name for name in names if name not in LEFT_OUT] for names in (folders, files))
        inner = target / Path(place).relative_to(overlay)
        for name in folders:
            if (inner / name).is_symlink() or (inner / name).is_file():
                (inner / name).unlink()
            (inner / name).mkdir(exist_ok=True)
        for name in files:
            _clear(inner / name)
            shutil.copy2(Path(place) / name, inner / name, follow_symlinks=False)


def _clear(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
