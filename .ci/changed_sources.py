#!/usr/bin/env python3
"""Prints the sources whose code has changed since a revision: not those that have only moved, or
whose comments, includes or line breaks have changed.

Usage: changed_sources.py REVISION [PATHSPEC...], in a clone.
"""
import re
import subprocess
import sys


def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout


def code_of(text):
    """The text without what a compiler's checks do not look at."""
    text = re.sub(r"^\s*#\s*include.*$", "", text, flags=re.M)
    pieces = re.split(r'(R"([^(]*)\(.*?\)\2"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*)', text, flags=re.S)
    kept = []
    for at, piece in enumerate(pieces):
        if at % 3 == 0:
            kept.append(re.sub(r"\s+", "", piece))
        elif at % 3 == 1 and (not piece.startswith("//") or "NOLINT" in piece):
            kept.append(piece)
    return "".join(kept)


def changed_sources(revision, *paths):
    """Paths in HEAD, in order."""
    rows = git("diff", "--name-status", "--find-renames=40%", "--diff-filter=d", revision, "HEAD", "--", *paths)
    for row in rows.splitlines():
        state, *names = row.split("\t")
        now = git("show", f"HEAD:{names[-1]}")
        if state == "A" or code_of(git("show", f"{revision}:{names[0]}")) != code_of(now):
            yield names[-1]


if __name__ == "__main__":
    print("\n".join(changed_sources(sys.argv[1], *sys.argv[2:])))
