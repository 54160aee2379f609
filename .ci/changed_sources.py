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
    text = re.sub(r'("(?:\\.|[^"\\\n])*")|//[^\n]*', lambda found: found[1] or "", text)
    return re.sub(r"\s+", "", text)


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
