"""Writes to a log: so many lines a second, until it is ended."""

import sys
import time
from pathlib import Path


def main(log: Path, rate: float) -> None:
    """Append numbered lines of a length that logs have."""
    with log.open("a", encoding="utf-8") as file:
        began, count = time.monotonic(), 0
        while True:
            count += 1
            file.write(f"appended {count}: " + "what an agent says while it works " * 2 + "\n")
            file.flush()
            time.sleep(max(0.0, began + count / rate - time.monotonic()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
