"""What the first bytes of a picture say of it: its format and its size in pixels."""

import struct

HEAD_BYTES = 256 * 1024
"""So much is enough: a photograph may carry a large preview before its size."""
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})

Picture = tuple[str, int, int]
"""Format, width and height in pixels."""


def picture_of(head: bytes) -> Picture | None:
    """Format and size of a PNG, GIF, BMP, JPEG or WebP; None for anything else. Never raises."""
    try:
        return _simple(head) or _webp(head) or _jpeg(head)
    except (struct.error, IndexError):
        return None


def _simple(head: bytes) -> Picture | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return "PNG", *struct.unpack(">II", head[16:24])
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return "GIF", *struct.unpack("<HH", head[6:10])
    if head.startswith(b"BM") and len(head) >= 26:
        width, height = struct.unpack("<ii", head[18:26])
        return "BMP", abs(width), abs(height)
    return None


def _webp(head: bytes) -> Picture | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    if head[12:16] == b"VP8X":
        return "WebP", 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return "WebP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", head[26:30])
    return "WebP", width & 0x3FFF, height & 0x3FFF


def _jpeg(head: bytes) -> Picture | None:
    if not head.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        if head[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return "JPEG", width, height
        at += 2 + max(2, int.from_bytes(head[at + 2 : at + 4], "big"))
    return None
