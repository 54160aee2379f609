#!/usr/bin/env python3
"""Copies a compilation database for clang-tidy: a row for each source of a room, which compiles as
one file, and without what only gcc understands (its precompiled header).
"""
import json
import pathlib
import re
import sys

GCC_ONLY = r"-fpch-preprocess|-Winvalid-pch|-Wno-subobject-linkage|-include \S*cmake_pch\.hxx"
ROOT = pathlib.Path(__file__).resolve().parent.parent


def sources_of(file, rooms):
    """A room's sources; any other file is its own."""
    if file.parent != rooms:
        return [file]
    return [ROOT / name for name in re.findall(r"^#include <(.*)>$", file.read_text(), re.M)]


def main():
    source, target = sys.argv[1:]
    rooms = pathlib.Path(source).resolve().parent / "rooms"
    rows = []
    for row in json.load(open(source)):
        command = re.sub(r"^.*?(\S*/c\+\+ )", r"\1", row["command"])
        command = re.sub(GCC_ONLY, "", command)
        for each in sources_of(pathlib.Path(row["file"]), rooms):
            rows.append({"directory": row["directory"], "file": str(each),
                         "command": command.replace(row["file"], str(each))})
    json.dump(rows, open(target, "w"))


main()
