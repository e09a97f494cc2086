"""Makes the film of the demo again, as asciicast and as animated SVG, from one real run: `python -m tests.film`.

Two runs make the same bytes: what chance did to a run is taken out of its recording before anything is drawn.
"""

import contextlib
from pathlib import Path

from cockpit.cli.call import Call
from cockpit.cli.demo import played
from cockpit.cli.demo_film import write_film
from cockpit.cli.global_options import GlobalOptions
from cockpit.cli.output import Output

FOLDER = Path(__file__).resolve().parent.parent / "screenshots"
FILES = tuple(FOLDER / f"film-100x30.{ending}" for ending in ("cast", "svg"))

if __name__ == "__main__":
    with contextlib.ExitStack() as ending:
        _, frames = played(Call(GlobalOptions(), Output(as_json=False), ending), film=True)
    for made in FILES:
        made.unlink(missing_ok=True)
        write_film(frames, made)
        print(made.relative_to(FOLDER.parent))
