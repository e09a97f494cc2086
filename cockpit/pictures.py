"""Pictures of the screen that need nothing from the network."""

import re

_FONT_FACE = re.compile(r"\s*@font-face \{.*?\}\n", re.DOTALL)


def without_font_addresses(svg: str) -> str:
    """The picture with fonts of the machine that shows it, instead of fonts to be fetched."""
    return _FONT_FACE.sub("\n", svg).replace("Fira Code, monospace", "Fira Code, DejaVu Sans Mono, Menlo, monospace")
