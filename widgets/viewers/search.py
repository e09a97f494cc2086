"""Finding a word in many lines, and marking it in one."""

from collections.abc import Sequence

from widgets.lines import Line, Span, Tone


def find_hits(lines: Sequence[Line], word: str) -> list[int]:
    """Places of the lines with the word in them, whatever its case. Slow for many lines: call it in a thread."""
    wanted = word.casefold()
    if not wanted:
        return []
    return [at for at, line in enumerate(lines) if wanted in "".join(text for text, _ in line).casefold()]


def next_hit(hits: Sequence[int], here: int, step: int) -> int | None:
    """The hit after a line (before it when `step` is negative); from the end it goes on at the beginning."""
    if not hits:
        return None
    if step > 0:
        return next((hit for hit in hits if hit > here), hits[0])
    return next((hit for hit in reversed(hits) if hit < here), hits[-1])


def marked(line: Line, word: str, tone: Tone) -> Line:
    """The line with every occurrence of the word in another tone; one that two tones share is left as it is."""
    wanted = word.casefold()
    if not wanted:
        return line
    spans: list[Span] = []
    for text, before in line:
        spans.extend(_marked(text, before, wanted, tone))
    return tuple(spans)


def _marked(text: str, before: Tone, wanted: str, tone: Tone) -> list[Span]:
    folded = text.casefold()
    if wanted not in folded or len(folded) != len(text):  # ß becomes ss: the places would not fit
        return [(text, before)]
    spans: list[Span] = []
    at = 0
    while (found := folded.find(wanted, at)) >= 0:
        spans.extend([(text[at:found], before), (text[found : found + len(wanted)], tone)])
        at = found + len(wanted)
    return [*((piece, kind) for piece, kind in spans if piece), (text[at:], before)]
