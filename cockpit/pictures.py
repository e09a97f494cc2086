"""Pictures of the screen that need nothing from the network and name no address."""

import re

_ADDRESSES = re.compile(r"\s*@font-face \{.*?\}\n|\s*<!-- Generated with.*?-->", re.DOTALL)


def without_font_addresses(svg: str) -> str:
    """The picture with fonts of the machine that shows it, instead of fonts to be fetched."""
    plain = _ADDRESSES.sub("\n", svg)
    return plain.replace("family: Fira Code, monospace", "family: Fira Code, DejaVu Sans Mono, Menlo, monospace")
