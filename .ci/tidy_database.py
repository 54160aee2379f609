#!/usr/bin/env python3
"""Copies a compilation database without what only gcc understands (its precompiled header)."""
import json
import re
import sys

source, target = sys.argv[1:]
rows = json.load(open(source))
for row in rows:
    row["command"] = re.sub(r"^.*?(\S*/c\+\+ )", r"\1", row["command"])
    row["command"] = re.sub(r"-fpch-preprocess|-Winvalid-pch|-include \S*cmake_pch\.hxx", "",
                            row["command"])
json.dump(rows, open(target, "w"))
