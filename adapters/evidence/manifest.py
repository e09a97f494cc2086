"""`MANIFEST.sha256`: one line a file, in the format of `sha256sum -c`."""

import re
from collections.abc import Mapping

MANIFEST = "MANIFEST.sha256"
PACKAGE = "package.json"

_LINE = re.compile(r"([0-9a-f]{64})  ([^\n\r\\\0]+)\n")


def written(digests: Mapping[str, str]) -> str:
    """The manifest of files and their digests, sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def read(text: str) -> dict[str, str] | None:
    """Files and their digests; None when the text is not exactly what `written` makes."""
    lines = _LINE.findall(text)
    digests = {name: digest for digest, name in lines}
    return digests if digests and written(digests) == text else None
