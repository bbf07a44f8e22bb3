#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every `show` of doc/commands.md with json: one JSON value and status 0, or "% why" and status 1.

usage: show_json.py COMMANDS.md VTYSH RUNDIR
"""
import json
import re
import subprocess
import sys

SAMPLES = {
    "A.B.C.D": "192.0.2.1", "A.B.C.D/M": "192.0.2.0/24", "X:X::X:X": "2001:db8::1", "X:X::X:X/M": "2001:db8::/32",
    "X:X:X:X:X:X": "02:00:00:00:00:01", "ESI": "00:01:02:03:04:05:06:07:08:09", "RD": "10.0.0.1:5", "RT": "65000:5",
    "ASNUM": "65000", "WORD": "x", "IFNAME": "red",
}


def split(text, bar):
    """The parts of a text at this separator, outside of brackets."""
    parts, depth = [""], 0
    for c in text:
        depth += c in "[<"
        depth -= c in "]>"
        if c == bar and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def expand(pattern, optional):
    """A line that the pattern stands for: without what may be left out, or with all of it."""
    words = []
    for item in split(pattern, " "):
        if item.startswith("["):
            if item == "[json]" or not optional:
                continue
            words.append(expand(split(item[1:-1], "|")[0], optional))
        elif item.startswith("<"):
            words.append(expand(split(item[1:-1], "|")[0], optional))
        elif item.startswith("("):
            words.append(item[1:].split("-")[0])
        else:
            words.append(SAMPLES.get(item, item))
    return " ".join(w for w in words if w)


def main():
    commands, vtysh, rundir = sys.argv[1:]
    patterns = []
    with open(commands, encoding="utf-8") as f:
        for line in f:
            if line.startswith("## Configuration"):
                break
            m = re.match(r"- `(show .*?)`", line)
            if m:
                patterns.append(m.group(1))
    lines = sorted({expand(p, o) for p in patterns for o in (False, True)})
    bad = 0
    for line in lines:
        line += "" if " json" in line else " json"
        r = subprocess.run([vtysh, "--vty_socket", rundir, "-c", line], capture_output=True, text=True, check=False)
        try:
            if r.returncode == 0:
                json.loads(r.stdout)
            elif not r.stdout.startswith("% ") or "nknown command" in r.stdout:
                raise ValueError("status %d" % r.returncode)
        except ValueError as e:
            print("%s: %s: %s%s" % (line, e, r.stdout[:200], r.stderr[:200]))
            bad += 1
    print("%d commands, %d bad" % (len(lines), bad))
    return bad != 0 or len(lines) < 60


if __name__ == "__main__":
    sys.exit(main())
