"""The `cockpit` command: private files, a first picture, our own packages, then the command line."""

import gc
import os
import sys

from cockpit.skeleton import SKELETON, wanted_home


def main() -> int:
    """Run the command in `sys.argv` and return its exit code."""
    os.umask(0o077)  # every file of ours is 0600, whoever creates it
    argv = sys.argv[1:]
    home = wanted_home(argv)
    if home:
        gc.disable()  # a start makes much and drops nothing; the screen turns it on again once it is there
        if "--no-color" in argv:
            os.environ["NO_COLOR"] = "1"  # before the first picture, and before the screen library is imported
    try:
        if home:
            SKELETON.show()
        return _run(argv, home)
    except KeyboardInterrupt:
        return 130  # ctrl+c while our packages are imported; later ones are answered with a sentence
    finally:
        SKELETON.undo()


def _run(argv: list[str], home: str | None) -> int:
    # Not at the top: until the guard has looked, these names may be somebody else's, and all of them take their time.
    from cockpit.guard import refuse_foreign_packages

    refuse_foreign_packages(argv)
    if home:
        from pathlib import Path

        from cockpit.first_picture import draw_first

        draw_first(Path(home), "--ascii" in argv)
    from cockpit.cli.main import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
