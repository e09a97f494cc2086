#!/usr/bin/env python3
"""tuimeter - measure any terminal program from the outside, in a pseudo terminal.

What it measures (all times in ms, wall clock, taken when the bytes arrive, not
when they have been parsed):

  startup   exec -> first byte, first paint (first non-blank cell), ready (a
            regex on the screen), settled (output went quiet)
  keys      key written -> screen changed / regex visible; p50 p95 p99, plus the
            time until output is quiet, bytes and CPU per key
  events    external change (file written, command run) -> regex visible
  idle      CPU % of one core, wake-ups/s, terminal bytes/s, RSS and PSS
  load      the same while a background command makes work; key latency under load
  flood     n keys at a fixed rate: how long the screen lags behind at the end

The program sees a real terminal: tuimeter answers DA1/2/3, DSR, DECRQM
(synchronized output 2026), XTVERSION, kitty keyboard, OSC 4/10/11/12, XTGETTCAP,
window size reports. While synchronized output is on, nothing counts as visible.

Standard library only. Linux only (/proc). `tuimeter.py --help` for use;
`tuimeter.py floor` measures the tool's own overhead;
`tuimeter.py suite SPEC.json` runs many programs side by side in one go, in
interleaved rounds, and prints ratios to a named reference.

One target is described by a dict (JSON in a suite, flags on the command line):

  {"name": "app", "cmd": ["app", "--arg"], "cwd": ".", "env": {"K": "V"},
   "ready": "regex", "timeout": 20,
   "prelude": [{"send": "<enter>"}, {"wait": "regex"}, {"sleep": 0.5}],
   "startup": {"runs": 5},
   "keys":   [{"name": "down", "send": ["<down>", "<up>"], "n": 50,
               "expect": "change", "region": [0, 0, 200, 49]}],
   "events": [{"name": "file", "write": "/dir/{i}.txt", "text": "{marker}",
               "expect": "{marker}", "n": 20}],
   "load":   [{"name": "100/s", "run": "command", "secs": 10,
               "key": {"send": ["<down>"], "n": 20}}],
   "flood":  [{"name": "hold-down", "send": "<down>", "n": 150, "rate": 30}],
   "idle":   {"settle": 2, "secs": 10},
   "quit":   ["q"]}

"expect": "change"  any cell (glyph or colour) or the visible cursor changes,
          "cells"   any cell changes, "text" any glyph changes,
          otherwise a regex; {i} and {marker} are replaced per repetition.
"""

from __future__ import annotations

import argparse
import codecs
import collections
import contextlib
import fcntl
import json
import os
import random
import re
import shlex
import signal
import statistics
import struct
import subprocess
import sys
import termios
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

now = time.perf_counter
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

# --------------------------------------------------------------------------
# Terminal emulator: only what is needed to know what is visible, but fast
# enough (tens of MB/s of text) not to disturb what it measures.
# --------------------------------------------------------------------------

TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?P<priv>[<=>?]?)(?P<par>[0-9;:]*)(?P<mid>[ -/]*)(?P<fin>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<strk>[PX^_])(?P<str>[^\x1b]*)\x1b\\"
    r"|\x1b(?P<esc>[ -/]*[0-OQ-WYZ\\`-~])"
    r"|(?P<ctl>[\x00-\x1a\x1c-\x1f\x7f-\x9f])"
)
ODD_WIDTH = re.compile(
    "[\u0300-\u036f\u1100-\u115f\u200b-\u200f\u231a-\u231b\u23e9-\u23f3\u25fd-\u25fe"
    "\u2614-\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa-\u26ab\u26bd-\u26be\u26c4-\u26c5"
    "\u26ce\u26d4\u26ea\u26f2-\u26f3\u26f5\u26fa\u26fd\u2705\u270a-\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b-\u2b1c\u2b50\u2b55\u2e80-\ua4cf"
    "\uac00-\ud7a3\uf900-\ufaff\ufe00-\ufe6f\uff00-\uff60\uffe0-\uffe6"
    "\U0001f000-\U0001faff\U00020000-\U0003fffd]"
)
DEC_GRAPHICS = str.maketrans("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")


def char_width(ch: str) -> int:
    if unicodedata.category(ch) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


class Terminal:
    """A screen of cells plus the answers a terminal gives to queries."""

    def __init__(self, cols: int, rows: int, reply: Callable[[bytes], None], kitty: bool = True):
        self.cols, self.rows, self.reply, self.kitty = cols, rows, reply, kitty
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = ""
        self._sgr_cache: dict[tuple[Any, str], Any] = {}
        self.modes: dict[int, bool] = {7: True, 25: True}
        self.queries: collections.Counter[str] = collections.Counter()
        self.frames = 0  # completed synchronized updates
        self.title = ""
        self._saved_main: Any = None
        self._clear_all()

    def _clear_all(self) -> None:
        self.text = [[" "] * self.cols for _ in range(self.rows)]
        self.attr = [[None] * self.cols for _ in range(self.rows)]
        self.x = self.y = 0
        self.pen: Any = None
        self.top, self.bottom = 0, self.rows - 1
        self.saved: tuple[int, int, Any] = (0, 0, None)
        self.graphics = [False, False]
        self.shift = 0
        self.dirty = set(range(self.rows))
        self._lines = [" " * self.cols] * self.rows
        self._stale = set(range(self.rows))

    def resize(self, cols: int, rows: int) -> None:
        """Another size. What was on the screen stays where it fits, as most terminals do it."""
        old_text, old_attr = self.text, self.attr
        self.cols, self.rows = cols, rows
        self.text = [[" "] * cols for _ in range(rows)]
        self.attr = [[None] * cols for _ in range(rows)]
        for y, (text, attr) in enumerate(zip(old_text[:rows], old_attr[:rows], strict=True)):
            self.text[y][: len(text)] = text[:cols]
            self.attr[y][: len(attr)] = attr[:cols]
        self.x, self.y = min(self.x, cols - 1), min(self.y, rows - 1)
        self.top, self.bottom = 0, rows - 1
        self._lines = [" " * cols] * rows
        self.dirty = set(range(rows))
        self._stale = set(range(rows))
        if self._saved_main is not None:  # nobody looks at it while it is away
            blank = [[" "] * cols for _ in range(rows)]
            self._saved_main = (blank, [[None] * cols for _ in range(rows)], 0, 0)

    # -- reading the screen -------------------------------------------------
    @property
    def sync(self) -> bool:
        return self.modes.get(2026, False)

    def lines(self) -> list[str]:
        for y in self._stale:
            self._lines[y] = "".join(self.text[y])
        self._stale.clear()
        return self._lines

    def visible(self, region: list[int] | None = None) -> str:
        lines = self.lines()
        if region:
            x, y, w, h = region
            lines = [line[x : x + w] for line in lines[y : y + h]]
        return "\n".join(lines)

    def blank(self) -> bool:
        return not any(line.strip() for line in self.lines())

    def snapshot(self) -> tuple[list[str], list[list[Any]], tuple[int, int, bool]]:
        self.dirty.clear()
        return list(self.lines()), [list(a) for a in self.attr], self.cursor()

    def cursor(self) -> tuple[int, int, bool]:
        shown = self.modes.get(25, True)
        return (min(self.x, self.cols - 1), self.y, True) if shown else (0, 0, False)

    def differs(self, snap: Any, what: str, region: list[int] | None = None) -> bool:
        """Whether rows touched since `snapshot` now look different from it."""
        old_lines, old_attr, old_cursor = snap
        lines = self.lines()
        x0, y0, w, h = region or (0, 0, self.cols, self.rows)
        for y in self.dirty:
            if not y0 <= y < y0 + h:
                continue
            if lines[y][x0 : x0 + w] != old_lines[y][x0 : x0 + w]:
                return True
            if what != "text" and self.attr[y][x0 : x0 + w] != old_attr[y][x0 : x0 + w]:
                return True
        return what == "change" and self.cursor() != old_cursor

    # -- feeding bytes ------------------------------------------------------
    def feed(self, data: bytes) -> None:
        buf = self._tail + self._decoder.decode(data)
        self._tail = ""
        pos, end, match = 0, len(buf), TOKEN.match
        while pos < end:
            m = match(buf, pos)
            if m is None:
                if buf[pos] == "\x1b" and end - pos < 1 << 20:
                    rest = buf[pos:]
                    nxt = rest.find("\x1b", 1)
                    # A new ESC inside a CSI, or garbage after ESC: drop one ESC.
                    if (len(rest) > 1 and rest[1] not in "[]PX^_") or (
                        len(rest) > 1 and rest[1] == "[" and (nxt > 0 or len(rest) > 256)
                    ):
                        pos += 1
                        continue
                    self._tail = rest
                    return
                pos += 1
                continue
            pos = m.end()
            kind = m.lastgroup
            if kind == "text":
                self._put(m.group())
            elif kind == "fin":
                self._csi(m["priv"], m["par"], m["mid"], m["fin"])
            elif kind == "ctl":
                self._control(m.group())
            elif kind == "esc":
                self._escape(m["esc"])
            elif kind == "osc":
                self._osc(m["osc"])
            else:
                self._string(m["strk"], m["str"])

    def _touch(self, y: int) -> None:
        self.dirty.add(y)
        self._stale.add(y)

    def _put(self, s: str) -> None:
        if self.graphics[self.shift]:
            s = s.translate(DEC_GRAPHICS)
        if not s.isascii() and ODD_WIDTH.search(s):
            for ch in s:
                self._put_wide(ch)
            return
        while s:
            if self.x >= self.cols:
                if self.modes.get(7, True):
                    self.x = 0
                    self._linefeed()
                else:
                    self.x = self.cols - 1
            room = self.cols - self.x
            part, s = s[:room], s[room:]
            n = len(part)
            self.text[self.y][self.x : self.x + n] = part
            self.attr[self.y][self.x : self.x + n] = [self.pen] * n
            self._touch(self.y)
            self.x += n

    def _put_wide(self, ch: str) -> None:
        width = char_width(ch)
        if width == 0:
            return
        if self.x + width > self.cols:
            self.x = 0
            self._linefeed()
        for i in range(width):
            self.text[self.y][self.x + i] = ch if i == 0 else ""
            self.attr[self.y][self.x + i] = self.pen
        self._touch(self.y)
        self.x += width

    def _linefeed(self) -> None:
        if self.y == self.bottom:
            self._scroll(1)
        elif self.y < self.rows - 1:
            self.y += 1

    def _scroll(self, n: int, top: int | None = None) -> None:
        top = self.top if top is None else top
        height = self.bottom - top + 1
        k = min(abs(n), height)
        grids: tuple[tuple[list[list[Any]], Any], ...] = ((self.text, " "), (self.attr, self.pen))
        for grid, fill in grids:
            new = [[fill] * self.cols for _ in range(k)]
            part = grid[top : self.bottom + 1]
            grid[top : self.bottom + 1] = part[k:] + new if n > 0 else new + part[: height - k]
        for y in range(top, self.bottom + 1):
            self._touch(y)

    def _erase(self, y: int, x0: int, x1: int) -> None:
        self.text[y][x0:x1] = " " * (x1 - x0)
        self.attr[y][x0:x1] = [self.pen] * (x1 - x0)
        self._touch(y)

    def _control(self, c: str) -> None:
        if c == "\r":
            self.x = 0
        elif c in "\n\x0b\x0c":
            self._linefeed()
        elif c == "\b":
            self.x = max(0, min(self.x, self.cols - 1) - 1)
        elif c == "\t":
            self.x = min(self.cols - 1, (self.x // 8 + 1) * 8)
        elif c == "\x0e":
            self.shift = 1
        elif c == "\x0f":
            self.shift = 0

    def _escape(self, s: str) -> None:
        if s[0] in "()":
            self.graphics[0 if s[0] == "(" else 1] = s[-1] == "0"
        elif s == "7":
            self.saved = (self.x, self.y, self.pen)
        elif s == "8":
            self.x, self.y, self.pen = self.saved
        elif s == "D":
            self._linefeed()
        elif s == "E":
            self.x = 0
            self._linefeed()
        elif s == "M":
            if self.y == self.top:
                self._scroll(-1)
            else:
                self.y = max(0, self.y - 1)
        elif s == "c":
            self._clear_all()

    def _osc(self, s: str) -> None:
        code, _, rest = s.partition(";")
        if code in ("0", "2"):
            self.title = rest
        elif rest.endswith("?"):
            self.queries["OSC " + code] += 1
            if code == "10":
                self._answer("\x1b]10;rgb:dddd/dddd/dddd\x1b\\")
            elif code == "11":
                self._answer("\x1b]11;rgb:1010/1010/1414\x1b\\")
            elif code == "12":
                self._answer("\x1b]12;rgb:ffff/ffff/ffff\x1b\\")
            elif code == "4":
                for n in re.findall(r"(\d+);\?", rest):
                    self._answer(f"\x1b]4;{n};rgb:8080/8080/8080\x1b\\")

    def _string(self, kind: str, s: str) -> None:
        if kind == "P" and s.startswith("+q"):
            self.queries["XTGETTCAP"] += 1
            self._answer(f"\x1bP0+r{s[2:]}\x1b\\")
        elif kind == "P" and s.startswith("$q"):
            self.queries["DECRQSS"] += 1
            self._answer("\x1bP0$r\x1b\\")

    def _answer(self, s: str) -> None:
        self.reply(s.encode())

    def _csi(self, priv: str, par: str, mid: str, fin: str) -> None:
        if fin == "m" and not priv and not mid:
            self._sgr(par)
            return
        nums = [int(p.split(":")[0] or 0) for p in par.split(";")] if par else []
        n = nums[0] if nums and nums[0] else 1
        if mid:
            if mid == "$" and fin == "p":
                self.queries["DECRQM"] += 1
                mode = nums[0] if nums else 0
                known = mode in (1, 6, 7, 12, 25, 1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026)
                state = 0 if not known else 1 if self.modes.get(mode) else 2
                self._answer(f"\x1b[{priv}{mode};{state}$y")
            return
        if priv:
            self._private(priv, nums, fin)
            return
        x, y = min(self.x, self.cols - 1), self.y
        if fin in "Hf":
            self.y = min(max(n, 1), self.rows) - 1
            self.x = min(max(nums[1] if len(nums) > 1 else 1, 1), self.cols) - 1
        elif fin == "A":
            self.y = max(0, y - n)
        elif fin in "Be":
            self.y = min(self.rows - 1, y + n)
        elif fin in "Ca":
            self.x = min(self.cols - 1, x + n)
        elif fin == "D":
            self.x = max(0, x - n)
        elif fin == "E":
            self.x, self.y = 0, min(self.rows - 1, y + n)
        elif fin == "F":
            self.x, self.y = 0, max(0, y - n)
        elif fin in "G`":
            self.x = min(n, self.cols) - 1
        elif fin == "d":
            self.y = min(n, self.rows) - 1
        elif fin == "J":
            mode = nums[0] if nums else 0
            if mode == 0:
                self._erase(y, x, self.cols)
            elif mode == 1:
                self._erase(y, 0, x + 1)
            for row in range(self.rows):
                if mode >= 2 or (mode == 0 and row > y) or (mode == 1 and row < y):
                    self._erase(row, 0, self.cols)
        elif fin == "K":
            mode = nums[0] if nums else 0
            self._erase(y, 0 if mode else x, x + 1 if mode == 1 else self.cols)
        elif fin == "X":
            self._erase(y, x, min(self.cols, x + n))
        elif fin in "@P":
            k = min(n, self.cols - x)
            cells: tuple[tuple[list[Any], Any], ...] = ((self.text[y], " "), (self.attr[y], self.pen))
            for line, fill in cells:
                if fin == "@":
                    line[x:] = [fill] * k + line[x : self.cols - k]
                else:
                    line[x:] = line[x + k :] + [fill] * k
            self._touch(y)
        elif fin in "LM" and self.top <= y <= self.bottom:
            self._scroll(n if fin == "M" else -n, top=y)
        elif fin in "ST":
            self._scroll(n if fin == "S" else -n)
        elif fin == "b":
            if x > 0 or self.x:
                self._put(self.text[y][max(0, self.x - 1)] * n)
        elif fin == "r":
            self.top = (nums[0] if nums and nums[0] else 1) - 1
            self.bottom = min(nums[1] if len(nums) > 1 and nums[1] else self.rows, self.rows) - 1
            self.x = self.y = 0
        elif fin == "s":
            self.saved = (self.x, self.y, self.pen)
        elif fin == "u":
            self.x, self.y, self.pen = self.saved
        elif fin == "n":
            self.queries["DSR"] += 1
            if nums[:1] == [5]:
                self._answer("\x1b[0n")
            elif nums[:1] == [6]:
                self._answer(f"\x1b[{y + 1};{x + 1}R")
        elif fin == "c":
            self.queries["DA1"] += 1
            self._answer("\x1b[?62;22c")
        elif fin == "t" and nums:
            size = {
                14: f"4;{self.rows * 20};{self.cols * 10}",
                16: "6;20;10",
                18: f"8;{self.rows};{self.cols}",
                19: f"9;{self.rows};{self.cols}",
            }
            if nums[0] in size:
                self.queries["XTWINOPS"] += 1
                self._answer(f"\x1b[{size[nums[0]]}t")

    def _private(self, priv: str, nums: list[int], fin: str) -> None:
        if priv == "?" and fin in "hl":
            on = fin == "h"
            for mode in nums:
                if mode in (1049, 1047, 47):
                    self._alternate(on)
                elif mode == 2026 and not on and self.sync:
                    self.frames += 1
                self.modes[mode] = on
        elif priv == "?" and fin == "n":
            self.queries["DSR"] += 1
            if nums[:1] == [6]:
                self._answer(f"\x1b[?{self.y + 1};{min(self.x, self.cols - 1) + 1};1R")
            elif nums[:1] == [996]:
                self._answer("\x1b[?997;1n")
        elif priv == "?" and fin == "u":
            self.queries["kitty keyboard"] += 1
            if self.kitty:
                self._answer("\x1b[?0u")
        elif priv == "?" and fin == "S":
            self.queries["XTSMGRAPHICS"] += 1
            self._answer(f"\x1b[?{nums[0] if nums else 1};3;0S")
        elif priv == ">" and fin == "c":
            self.queries["DA2"] += 1
            self._answer("\x1b[>1;10;0c")
        elif priv == "=" and fin == "c":
            self.queries["DA3"] += 1
            self._answer("\x1bP!|00000000\x1b\\")
        elif priv == ">" and fin == "q":
            self.queries["XTVERSION"] += 1
            self._answer("\x1bP>|tuimeter(1)\x1b\\")

    def _alternate(self, on: bool) -> None:
        if on and self._saved_main is None:
            self._saved_main = (self.text, self.attr, self.x, self.y)
            self.text = [[" "] * self.cols for _ in range(self.rows)]
            self.attr = [[None] * self.cols for _ in range(self.rows)]
        elif not on and self._saved_main is not None:
            self.text, self.attr, self.x, self.y = self._saved_main
            self._saved_main = None
        for y in range(self.rows):
            self._touch(y)

    def _sgr(self, par: str) -> None:
        key = (self.pen, par)
        try:
            self.pen = self._sgr_cache[key]
            return
        except KeyError:
            pass
        fg, bg, flags = self.pen or ("", "", frozenset())
        codes = par.replace(":", ";").split(";")
        i = 0
        while i < len(codes):
            c = int(codes[i] or 0)
            if c == 0:
                fg, bg, flags = "", "", frozenset()
            elif c in (38, 48, 58):
                kind = codes[i + 1] if i + 1 < len(codes) else ""
                size = 3 if kind == "5" else 5
                value = ";".join(codes[i : i + size])
                if c == 38:
                    fg = value
                elif c == 48:
                    bg = value
                i += size - 1
            elif 30 <= c <= 37 or 90 <= c <= 97:
                fg = str(c)
            elif 40 <= c <= 47 or 100 <= c <= 107:
                bg = str(c)
            elif c == 39:
                fg = ""
            elif c == 49:
                bg = ""
            elif c < 10:
                flags = flags | {c}
            elif 22 <= c <= 29:
                flags = flags - ({1, 2} if c == 22 else {c - 20})
            i += 1
        pen: Any = (fg, bg, flags) if fg or bg or flags else None
        self._sgr_cache[key] = pen
        self.pen = pen


# --------------------------------------------------------------------------
# /proc readings for a process tree
# --------------------------------------------------------------------------


def tree(root: int) -> list[int]:
    """Pids of `root`, its descendants, and everything in its session."""
    parent: dict[int, int] = {}
    session: dict[int, int] = {}
    for entry in (place.name for place in Path("/proc").iterdir()):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parent[int(entry)], session[int(entry)] = int(stat[1]), int(stat[3])
    found = {p for p, s in session.items() if s == root} | ({root} & parent.keys())
    grew = True
    while grew:
        grew = False
        for pid, ppid in parent.items():
            if ppid in found and pid not in found:
                found.add(pid)
                grew = True
    return sorted(found)


def usage(root: int) -> dict[str, float]:
    """CPU seconds, context switches, RSS and PSS of a tree, now."""
    cpu = wake = rss = pss = threads = 0.0
    pids = tree(root)
    for pid in pids:
        try:
            f = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            cpu += sum(int(v) for v in f[11:15]) / TICK  # own and reaped children
            threads += int(f[17])
            rss += int(f[21]) * PAGE
            for task in Path(f"/proc/{pid}/task").iterdir():
                m = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.M)
                wake += int(m[1]) if m else 0
            m = re.search(r"^Pss:\s*(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
            pss += int(m[1]) * 1024 if m else 0
        except (OSError, IndexError):
            continue
    return {"cpu_s": cpu, "wakeups": wake, "rss": rss, "pss": pss, "threads": threads, "processes": len(pids)}


# --------------------------------------------------------------------------
# A program running in a pseudo terminal
# --------------------------------------------------------------------------

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "esc": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "delete": "\x1b[3~",
    "insert": "\x1b[2~",
    "s-tab": "\x1b[Z",
    "lt": "<",
    **{
        f"f{i}": s
        for i, s in enumerate(
            [
                "\x1bOP",
                "\x1bOQ",
                "\x1bOR",
                "\x1bOS",
                "\x1b[15~",
                "\x1b[17~",
                "\x1b[18~",
                "\x1b[19~",
                "\x1b[20~",
                "\x1b[21~",
                "\x1b[23~",
                "\x1b[24~",
            ],
            1,
        )
    },
}
APP_CURSOR = {"up": "\x1bOA", "down": "\x1bOB", "right": "\x1bOC", "left": "\x1bOD", "home": "\x1bOH", "end": "\x1bOF"}


class Gone(Exception):
    """The program ended while something was awaited."""


class Session:
    def __init__(
        self,
        cmd: list[str],
        size: tuple[int, int] = (200, 50),
        cwd: str | None = None,
        env: dict[str, str] | None = None,
        term: str = "xterm-256color",
        kitty: bool = True,
    ):
        cols, rows = size
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, cols * 10, rows * 20))
        full = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("TMUX", "VSCODE", "TERM_PROGRAM", "KITTY", "COLUMNS", "LINES"))
        }
        full.update({"TERM": term, "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"})
        full.update(env or {})
        self.terminal = Terminal(cols, rows, self._reply, kitty)
        self.bytes = 0
        self.last_byte = 0.0
        self.first_byte: float | None = None
        self._queue: collections.deque[tuple[float, bytes]] = collections.deque()
        self._more = threading.Condition()
        self._eof = False
        self.raw: bytearray | None = None

        def child() -> None:  # make the pty the controlling terminal
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.started = now()
        self.process = subprocess.Popen(
            cmd, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=full, preexec_fn=child, close_fds=True
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            stamp = now()
            with self._more:
                if not data:
                    self._eof = True
                else:
                    if self.first_byte is None:
                        self.first_byte = stamp
                    self.bytes += len(data)
                    self.last_byte = stamp
                    self._queue.append((stamp, data))
                self._more.notify()
            if not data:
                return

    def _reply(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self.master, data)

    def resize(self, cols: int, rows: int) -> float:
        """Give the terminal another size, as a window manager does; returns the time of it."""
        self.pump(now())
        self.terminal.resize(cols, rows)
        stamp = now()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, cols * 10, rows * 20))
        return stamp

    def last_change(self, gap: float = 0.3, timeout: float = 5.0, region: list[int] | None = None) -> float | None:
        """When a part of the screen changed last, once it stayed the same for `gap`; None when it did not change."""
        end, last = now() + timeout, None
        while now() < end:
            snap = self.terminal.snapshot()
            stamp = self.pump(now() + gap, lambda snap=snap: self.terminal.differs(snap, "cells", region))  # type: ignore[misc]
            if stamp is None:
                break
            last = stamp
        return last

    def send(self, keys: str) -> float:
        """Write keys ('j', '<down>', 'abc<enter>'); returns the time of writing."""
        app = self.terminal.modes.get(1, False)

        def sub(m: re.Match[str]) -> str:
            name = m[1].lower()
            if app and name in APP_CURSOR:
                return APP_CURSOR[name]
            if name.startswith("c-") and len(name) == 3:
                return chr(ord(name[2]) & 31)
            if name.startswith("a-") and len(name) == 3:
                return "\x1b" + name[2]
            return KEYS.get(name, m[0])

        data = re.sub(r"<([a-zA-Z0-9-]+)>", sub, keys).encode()
        stamp = now()
        os.write(self.master, data)
        return stamp

    def pump(self, until: float, test: Callable[[], bool] | None = None) -> float | None:
        """Apply output until `test` holds (returns when its bytes came) or the time is up."""
        while True:
            with self._more:
                while not self._queue:
                    left = until - now()
                    if self._eof:
                        if test is None:
                            return None
                        raise Gone(self.terminal.visible().strip()[-400:])
                    if left <= 0:
                        return None
                    self._more.wait(left)
                stamp, data = self._queue.popleft()
            if self.raw is not None:
                self.raw += data
            self.terminal.feed(data)
            if test is not None and not self.terminal.sync and test():
                return stamp

    def wait(self, pattern: str, timeout: float, region: list[int] | None = None) -> float | None:
        rx = re.compile(pattern, re.M)

        def seen() -> bool:
            return rx.search(self.terminal.visible(region)) is not None

        self.pump(now())
        if seen() and not self.terminal.sync:
            return now()
        return self.pump(now() + timeout, seen)

    def quiet(self, gap: float = 0.15, timeout: float = 3.0) -> float:
        """Apply output until none came for `gap` from now on; returns the time of the last byte."""
        begin = now()
        while now() < begin + timeout:
            self.pump(now() + 0.01)
            if not self._queue and now() - max(begin, self.last_byte) >= gap:
                break
        return self.last_byte

    def close(self, quit_keys: Iterable[str] = ()) -> None:
        pids = tree(self.process.pid)
        try:
            for keys in quit_keys:
                self.send(keys)
                self.pump(now() + 0.1)
            end = now() + (2.0 if quit_keys else 0)
            while self.process.poll() is None and now() < end:
                self.pump(now() + 0.02)
        except OSError:
            pass
        for sig in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
            alive = [p for p in set(pids) | set(tree(self.process.pid)) if _is_alive(p)]
            if not alive:
                break
            for pid in alive:
                with contextlib.suppress(OSError):
                    os.kill(pid, sig)
            end = now() + 1.0
            while now() < end and any(_is_alive(p) for p in alive):
                self.process.poll()
                time.sleep(0.01)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        os.close(self.master)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


# --------------------------------------------------------------------------
# Measurements
# --------------------------------------------------------------------------


def dist(values: list[float], digits: int = 2) -> dict[str, float] | None:
    """n, min, p50, p95, p99, max, mean."""
    if not values:
        return None
    v = sorted(values)

    def pct(p: float) -> float:
        k = (len(v) - 1) * p
        lo = int(k)
        hi = min(lo + 1, len(v) - 1)
        return v[lo] + (v[hi] - v[lo]) * (k - lo)

    out = {"min": v[0], "p50": pct(0.5), "p95": pct(0.95), "p99": pct(0.99), "max": v[-1], "mean": statistics.fmean(v)}
    return {"n": len(v), **{k: round(x, digits) for k, x in out.items()}}


def _open(spec: dict[str, Any]) -> Session:
    cols, rows = (int(v) for v in str(spec.get("size", "200x50")).split("x"))
    cmd = spec["cmd"] if isinstance(spec["cmd"], list) else shlex.split(spec["cmd"])
    return Session(
        cmd, (cols, rows), spec.get("cwd"), spec.get("env"), spec.get("term", "xterm-256color"), spec.get("kitty", True)
    )


def _start(spec: dict[str, Any]) -> tuple[Session, dict[str, float | None]]:
    s = _open(spec)
    timeout = spec.get("timeout", 20)
    deadline = s.started + timeout
    try:
        paint = s.pump(deadline, lambda: not s.terminal.blank())
        rx = re.compile(spec.get("ready") or r"\S", re.M)
        ready = paint
        if paint is not None and not rx.search(s.terminal.visible()):
            ready = s.pump(deadline, lambda: rx.search(s.terminal.visible()) is not None)
    except Gone as exc:
        s.close()
        raise SystemExit(f"{spec.get('name')}: ended during startup: {exc}") from exc
    if ready is None:
        screen = "\n".join(line.rstrip() for line in s.terminal.lines() if line.strip())
        s.close()
        raise SystemExit(f"{spec.get('name')}: not ready after {timeout} s; screen:\n{screen[:3000]}")

    def ms(t: float | None) -> float | None:
        return None if t is None else round((t - s.started) * 1000, 1)

    return s, {"first_byte": ms(s.first_byte), "first_paint": ms(paint), "ready": ms(ready)}


def _prelude(s: Session, spec: dict[str, Any]) -> None:
    for step in spec.get("prelude", []):
        if "send" in step:
            s.send(step["send"])
        if "sleep" in step:
            s.pump(now() + step["sleep"])
        if "wait" in step and s.wait(step["wait"], step.get("timeout", 20)) is None:
            raise SystemExit(
                f"{spec.get('name')}: prelude never saw {step['wait']!r}:\n"
                + "\n".join(line.rstrip() for line in s.terminal.lines())
            )
    s.quiet(0.3, 5)


@contextlib.contextmanager
def opened(spec: dict[str, Any]) -> Iterator[Session]:
    """The program of a target, ready and after its prelude, for as long as a block runs."""
    session, _ = _start(spec)
    try:
        _prelude(session, spec)
        yield session
    finally:
        session.close(spec.get("quit", ()))


def measure_startup(spec: dict[str, Any], runs: int) -> list[dict[str, Any]]:
    out = []
    for _ in range(runs):
        s, times = _start(spec)
        settled = s.quiet(0.25, 5)
        times["settled"] = round((settled - s.started) * 1000, 1)
        used = usage(s.process.pid)
        times["cpu_ms"] = round(used["cpu_s"] * 1000)
        times["bytes"] = s.bytes
        out.append(times)
        s.close(spec.get("quit", ()))
    return out


def _expect(s: Session, expect: str, region: list[int] | None) -> Callable[[], bool]:
    if expect in ("change", "cells", "text"):
        snap = s.terminal.snapshot()
        return lambda: s.terminal.differs(snap, expect, region)
    rx = re.compile(expect, re.M)
    return lambda: rx.search(s.terminal.visible(region)) is not None


def measure_keys(s: Session, key: dict[str, Any], settle: bool = True) -> dict[str, Any]:
    sends = key["send"] if isinstance(key["send"], list) else [key["send"]]
    region = key.get("region")
    timeout = key.get("timeout", 2.0)
    gap = key.get("gap", 0.05)
    for keys in key.get("warmup", sends):  # not counted
        s.send(keys)
        s.quiet(0.1, 1.0)
    first, done, sizes, missed = [], [], [], 0
    before = usage(s.process.pid)
    for i in range(key.get("n", 50)):
        s.pump(now())
        test = _expect(s, str(key.get("expect", "change")).replace("{i}", str(i)), region)
        size = s.bytes
        t0 = s.send(sends[i % len(sends)].replace("{i}", str(i)))
        t1 = s.pump(t0 + timeout, test)
        missed += t1 is None
        # A key that was never answered counts with all the time it was given: leaving it out would flatter.
        first.append(timeout * 1000 if t1 is None else (t1 - t0) * 1000)
        if settle and t1 is not None:
            end = s.quiet(key.get("quiet", 0.06), 1.0)
            done.append((max(end, t1) - t0) * 1000)
            sizes.append(float(s.bytes - size))
        # A random pause, so as not to fall into step with the program's timers.
        s.pump(now() + gap * (0.5 + random.random()))
    after = usage(s.process.pid)
    return {
        "latency_ms": dist(first),
        "raw_ms": [round(value, 3) for value in first],
        "settled_ms": dist(done),
        "bytes": dist(sizes, 0),
        "missed": missed,
        "cpu_ms_per_key": round((after["cpu_s"] - before["cpu_s"]) / len(first) * 1000, 2),
    }


def measure_events(s: Session, event: dict[str, Any]) -> dict[str, Any]:
    times, missed = [], 0
    gap = event.get("gap", 0.2)
    for i in range(event.get("n", 20)):
        s.pump(now() + gap * (0.5 + random.random()))
        marker = f"m{os.getpid() % 10000}x{i:04d}"

        def fill(text: str, i: int = i, marker: str = marker) -> str:
            return text.replace("{i}", str(i)).replace("{marker}", marker)

        test = _expect(s, fill(event.get("expect", "{marker}")), event.get("region"))
        t0 = now()
        if "run" in event:
            subprocess.run(
                fill(event["run"]), shell=True, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        else:
            path = Path(fill(event.get("write") or event["append"]))
            path.parent.mkdir(parents=True, exist_ok=True)
            text = fill(event.get("text", "{marker}\n"))
            t0 = now()
            with path.open("a" if "append" in event else "w") as f:
                f.write(text)
        t1 = s.pump(t0 + event.get("timeout", 5.0), test)
        if t1 is None:
            missed += 1
        else:
            times.append((t1 - t0) * 1000)
    return {"latency_ms": dist(times), "missed": missed}


def _window(s: Session, secs: float, during: Callable[[], Any] | None = None) -> dict[str, Any]:
    pid = s.process.pid
    a, b0, f0, t0 = usage(pid), s.bytes, s.terminal.frames, now()
    extra = during() if during else None
    s.pump(t0 + secs)
    t1 = now()
    z, wall = usage(pid), t1 - t0
    out = {
        "secs": round(wall, 2),
        "cpu_percent": round((z["cpu_s"] - a["cpu_s"]) / wall * 100, 2),
        "wakeups_per_s": round((z["wakeups"] - a["wakeups"]) / wall, 1),
        "bytes_per_s": round((s.bytes - b0) / wall, 1),
        "frames_per_s": round((s.terminal.frames - f0) / wall, 2),
        "rss_mb": round(z["rss"] / 1e6, 1),
        "pss_mb": round(z["pss"] / 1e6, 1),
        "threads": int(z["threads"]),
        "processes": int(z["processes"]),
    }
    if extra is not None:
        out["key"] = extra
    return out


def measure_idle(s: Session, idle: dict[str, Any]) -> dict[str, Any]:
    s.pump(now() + idle.get("settle", 2))
    return _window(s, idle.get("secs", 10))


def measure_load(s: Session, load: dict[str, Any]) -> dict[str, Any]:
    job = subprocess.Popen(
        load["run"], shell=True, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        s.pump(now() + load.get("settle", 1.0))
        key = load.get("key")
        return _window(s, load.get("secs", 10), (lambda: measure_keys(s, key, settle=False)) if key else None)
    finally:
        with contextlib.suppress(OSError):
            os.killpg(job.pid, signal.SIGTERM)  # our own child's own process group
        job.wait()


def measure_flood(s: Session, flood: dict[str, Any]) -> dict[str, Any]:
    n, rate = flood.get("n", 150), flood.get("rate", 30)
    region = flood.get("region")
    s.quiet()
    before, size, start = usage(s.process.pid), s.bytes, now()
    for i in range(n):
        s.send(flood["send"])
        s.pump(start + (i + 1) / rate)
    end = now()
    gap, longest = flood.get("quiet", 0.3), flood.get("timeout", 20)
    followed = s.last_change(gap, longest, region) if region else None
    last = s.quiet(gap, longest)
    after = usage(s.process.pid)
    return {
        "keys": n,
        "rate": rate,
        "lag_ms": round(max(0.0, last - end) * 1000, 1),
        "region_lag_ms": round(max(0.0, (followed or end) - end) * 1000, 1) if region else None,
        "cpu_percent": round((after["cpu_s"] - before["cpu_s"]) / (last - start) * 100, 1),
        "bytes_per_key": round((s.bytes - size) / n),
    }


def measure(spec: dict[str, Any], startup: bool = True, rest: bool = True) -> dict[str, Any]:
    """Everything a target's description asks for, as one dict."""
    out: dict[str, Any] = {"name": spec.get("name", "target")}
    runs = spec.get("startup", {}).get("runs", 3)
    if startup and runs:
        out["startup_runs"] = measure_startup(spec, runs)
    sections = ("keys", "events", "idle", "load", "flood")
    if rest and any(spec.get(k) for k in sections):
        s, _ = _start(spec)
        try:
            _prelude(s, spec)
            if spec.get("idle"):
                out["idle"] = measure_idle(s, spec["idle"])
            for name, run in (
                ("keys", measure_keys),
                ("events", measure_events),
                ("load", measure_load),
                ("flood", measure_flood),
            ):
                for item in spec.get(name, []):
                    out.setdefault(name, {})[item.get("name", str(item.get("send", "")))] = run(s, item)
            end = usage(s.process.pid)
            out["end_rss_mb"] = round(end["rss"] / 1e6, 1)
            out["queries"] = dict(s.terminal.queries)
        except Gone as exc:
            out["error"] = f"ended early: {exc}"
        finally:
            s.close(spec.get("quit", ()))
    return out


def summarise(out: dict[str, Any]) -> dict[str, Any]:
    runs = out.get("startup_runs")
    if runs:
        out["startup"] = {
            k: dist([r[k] for r in runs if r.get(k) is not None], 1)
            for k in ("first_byte", "first_paint", "ready", "settled", "cpu_ms", "bytes")
        }
    return out


def run_suite(
    suite: dict[str, Any],
    only: str | None,
    log: Callable[[str], None],
    save: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """All targets in one go: startup in interleaved rounds, then the rest one by one.

    `save` gets the report so far after every step, so that a long run that is cut short
    still leaves what it found.
    """
    started = time.strftime("%Y-%m-%dT%H:%M:%S")
    shared = suite.get("defaults", {})
    targets = [{**shared, **t} for t in suite["targets"] if not only or re.search(only, t["name"])]
    results: dict[str, dict[str, Any]] = {t["name"]: {"name": t["name"], "startup_runs": []} for t in targets}
    for spec in targets:  # warm caches, and find targets that do not start
        try:
            measure_startup(spec, 1)
        except SystemExit as exc:
            log(str(exc))
            results[spec["name"]]["error"] = str(exc)
    good = [t for t in targets if "error" not in results[t["name"]]]

    def report() -> dict[str, Any]:
        return {
            "when": started,
            "cpus": os.cpu_count(),
            "loadavg": [round(v, 2) for v in os.getloadavg()],
            "reference": suite.get("reference"),
            "size": shared.get("size", "200x50"),
            "targets": [summarise(results[t["name"]]) for t in targets],
        }

    for r in range(suite.get("rounds", 3)):
        for spec in good:
            try:
                results[spec["name"]]["startup_runs"] += measure_startup(spec, 1)
            except SystemExit as exc:
                log(str(exc))
        log(f"startup round {r + 1} done")
    for spec in [] if suite.get("startup_only") else good:
        try:
            out = measure(spec, startup=False)
        except SystemExit as exc:
            out = {"error": str(exc)}
        results[spec["name"]].update(out)
        log(f"{spec['name']} done")
        if save:
            save(report())
    return report()


def table(report: dict[str, Any]) -> str:
    """A plain table of the main figures; 'x' columns are ratios to the reference."""

    def get(t: dict[str, Any], *path: str) -> Any:
        cur: Any = t
        for p in path:
            if not isinstance(cur, dict) or cur.get(p) is None:
                return None
            cur = cur[p]
        return cur

    def first_key(t: dict[str, Any], field: str, stat: str) -> Any:
        for k in (t.get("keys") or {}).values():
            return get(k, field, stat) if stat else k.get(field)
        return None

    rows: list[list[Any]] = [
        [
            "target",
            "paint",
            "ready",
            "x ref",
            "cpu ms",
            "key p50",
            "key p95",
            "key cpu",
            "idle %",
            "wake/s",
            "B/s",
            "RSS MB",
            "PSS MB",
        ]
    ]
    ref = next((t for t in report["targets"] if t["name"] == report.get("reference")), None)
    base = get(ref, "startup", "ready", "p50") if ref else None
    for t in report["targets"]:
        ready = get(t, "startup", "ready", "p50")
        rows.append(
            [
                t["name"] + (" !" if "error" in t else ""),
                get(t, "startup", "first_paint", "p50"),
                ready,
                round(ready / base, 2) if ready and base else None,
                get(t, "startup", "cpu_ms", "p50"),
                first_key(t, "latency_ms", "p50"),
                first_key(t, "latency_ms", "p95"),
                first_key(t, "cpu_ms_per_key", ""),
                get(t, "idle", "cpu_percent"),
                get(t, "idle", "wakeups_per_s"),
                get(t, "idle", "bytes_per_s"),
                get(t, "idle", "rss_mb"),
                get(t, "idle", "pss_mb"),
            ]
        )
    cells = [["-" if c is None else str(c) for c in row] for row in rows]
    width = [max(len(r[i]) for r in cells) for i in range(len(cells[0]))]
    return "\n".join(
        "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(r, width, strict=False)))
        for r in cells
    )


# --------------------------------------------------------------------------
# The tool's own floor
# --------------------------------------------------------------------------

ECHO = """
import os,sys,tty
tty.setraw(0)
os.write(1,b'\\x1b[2J\\x1b[Hready')
n=0
while True:
    d=os.read(0,64)
    if d==b'q': break
    n+=1
    os.write(1,b'\\x1b[3;1H%d' % n)
"""
CURSES = """
import curses
def main(w):
    curses.curs_set(0); n=0
    w.addstr(0,0,'ready'); w.refresh()
    while w.getch()!=ord('q'):
        n+=1; w.addstr(2,0,str(n)); w.refresh()
curses.wrapper(main)
"""


def floor_suite() -> dict[str, Any]:
    py = [sys.executable, "-I", "-S", "-c"]
    common = {
        "ready": "ready",
        "quit": ["q"],
        "idle": {"settle": 0.5, "secs": 3},
        "keys": [{"name": "key", "send": "x", "n": 200, "gap": 0.01, "expect": "text"}],
    }
    return {
        "rounds": 5,
        "reference": "raw echo",
        "defaults": common,
        "targets": [
            {
                "name": "kernel echo",
                "cmd": ["sh", "-c", "printf ready; exec cat"],
                "quit": ["<c-d>"],
                "keys": [{"name": "key", "send": "x", "n": 100, "gap": 0.01, "expect": "text"}],
            },
            {"name": "raw echo", "cmd": [*py, ECHO]},
            {"name": "curses", "cmd": [*py, CURSES]},
        ],
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(dest="mode", required=True)
    p = sub.add_parser("run", help="measure one command")
    p.add_argument("--name", default="target")
    p.add_argument("--size", default="200x50")
    p.add_argument("--ready", default=r"\S", help="regex that means ready")
    p.add_argument("--runs", type=int, default=3, help="startup runs (0: none)")
    p.add_argument(
        "--key", action="append", default=[], metavar="KEYS[=EXPECT]", help="key(s) to time, e.g. '<down>,<up>'"
    )
    p.add_argument("-n", type=int, default=50, help="repetitions per key")
    p.add_argument("--write", metavar="PATH", help="file to write per event; its text is a marker awaited on screen")
    p.add_argument("--trigger", metavar="SHELL", help="command to run per event ({marker}, {i})")
    p.add_argument("--expect", default="{marker}", help="regex awaited after an event")
    p.add_argument("--idle", type=float, default=0, metavar="SECS")
    p.add_argument("--send", action="append", default=[], help="keys sent once ready, before measuring")
    p.add_argument("--quit", action="append", default=[])
    p.add_argument("--timeout", type=float, default=20)
    p.add_argument("--cwd")
    p.add_argument("cmd", nargs=argparse.REMAINDER)
    p = sub.add_parser("suite", help="measure the targets of a JSON file side by side")
    p.add_argument("spec")
    p.add_argument("--only", help="regex of target names")
    p.add_argument("--rounds", type=int)
    p.add_argument("--startup-only", action="store_true")
    p = sub.add_parser("show", help="print the screen of a command once ready (to write a spec)")
    p.add_argument("--size", default="200x50")
    p.add_argument("--secs", type=float, default=3)
    p.add_argument("--send", action="append", default=[])
    p.add_argument("cmd", nargs=argparse.REMAINDER)
    sub.add_parser("floor", help="measure this tool's own overhead")
    for p in sub.choices.values():
        p.add_argument("--out", help="write the JSON here too")
    args = parser.parse_args(argv)
    sys.setswitchinterval(0.0003)  # let the reader thread stamp bytes promptly

    def log(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def save(report: dict[str, Any]) -> None:
        if args.out:
            Path(args.out).write_text(json.dumps(report, indent=1) + "\n")

    if args.mode == "show":
        s = _open({"cmd": [c for c in args.cmd if c != "--"], "size": args.size})
        s.pump(s.started + args.secs)
        for keys in args.send:
            s.send(keys)
            s.pump(now() + 1)
        print("\n".join(line.rstrip() for line in s.terminal.lines()))
        log(f"queries {dict(s.terminal.queries)} frames {s.terminal.frames} bytes {s.bytes}")
        s.close()
        return 0
    if args.mode == "floor":
        report = run_suite(floor_suite(), None, log, save)
    elif args.mode == "suite":
        suite = json.loads(Path(args.spec).read_text())
        if args.rounds is not None:
            suite["rounds"] = args.rounds
        suite["startup_only"] = args.startup_only
        report = run_suite(suite, args.only, log, save)
    else:
        keys = []
        for k in args.key:
            send, _, expect = k.partition("=")
            keys.append({"name": send, "send": send.split(","), "n": args.n, "expect": expect or "change"})
        events = []
        if args.write or args.trigger:
            events.append(
                {
                    "name": "event",
                    "expect": args.expect,
                    **({"write": args.write} if args.write else {"run": args.trigger}),
                }
            )
        spec = {
            "name": args.name,
            "cmd": [c for c in args.cmd if c != "--"],
            "size": args.size,
            "ready": args.ready,
            "timeout": args.timeout,
            "cwd": args.cwd,
            "quit": args.quit,
            "startup": {"runs": args.runs},
            "keys": keys,
            "events": events,
            "idle": {"secs": args.idle} if args.idle else None,
            "prelude": [{"send": k} for k in args.send],
        }
        report = {"targets": [summarise(measure(spec))]}
    save(report)
    if args.mode in ("suite", "floor"):
        print(table(report))
    if args.mode == "run" or not args.out:
        print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
