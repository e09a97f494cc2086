"""The `cockpit` command: private files, our own packages, then the command line."""

import os
import sys

from cockpit.guard import refuse_foreign_packages


def main() -> int:
    """Run the command in `sys.argv` and return its exit code.

    What has to happen before the large imports (the collector, the first paint) belongs at the top of this function.
    """
    os.umask(0o077)  # every file of ours is 0600, whoever creates it
    argv = sys.argv[1:]
    refuse_foreign_packages(argv)
    # Not at the top: until the guard has looked, these names may be somebody else's.
    from cockpit.cli.main import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
