"""A clear sentence when Python's path leads to somebody else's `adapters`, `factory` or `widgets`.

None of them may be imported here: the guard runs before it is known whose packages would answer.
"""

import importlib.util
import sys
from pathlib import Path
from typing import NamedTuple, NoReturn

from cockpit.skeleton import SKELETON

SIBLINGS = ("adapters", "factory", "widgets")
"""The packages that must lie beside `cockpit`; their names are general enough for others to have chosen them too."""


class ForeignPackage(NamedTuple):
    """A package that would be imported in place of ours."""

    name: str
    place: str
    """Where it lies; empty when there is no package of that name at all."""

    def __str__(self) -> str:
        """Name the package, the place and the fix, in one sentence."""
        found = f"would come from {self.place}, which is not Cockpit's own" if self.place else "is not installed"
        return (
            f"The Python package '{self.name}' {found}: install Cockpit on its own with pipx or 'uv tool install', "
            "and start it without PYTHONPATH and outside folders that hold a package of that name."
        )


def refuse_foreign_packages(argv: list[str]) -> None:
    """Return if our packages are the ones Python finds; else say which is not, and exit with code 1."""
    foreign = foreign_package(Path(__file__).resolve().parent.parent)
    if foreign:
        _exit_with(foreign, as_json="--json" in argv)


def foreign_package(root: Path) -> ForeignPackage | None:
    """The first sibling that Python would not take from `root`, without importing any of them."""
    for name in SIBLINGS:
        place = _place(name)
        if not place or Path(place).resolve() != root / name / "__init__.py":
            return ForeignPackage(name, place)
    return None


def _place(name: str) -> str:
    spec = importlib.util.find_spec(name)
    if spec is None:
        return ""
    return spec.origin or next(iter(spec.submodule_search_locations or ()), "")


def _exit_with(foreign: ForeignPackage, *, as_json: bool) -> NoReturn:
    SKELETON.undo()  # or the sentence would vanish with it
    if as_json:
        import json  # the cockpit's first picture does not wait for what only this needs

        hint = "pipx install . or uv tool install ."
        print(json.dumps({"error": {"code": "foreign_package", "message": str(foreign), "hint": hint}}))
    print(f"cockpit: {foreign}", file=sys.stderr)
    sys.exit(1)
