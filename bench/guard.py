#!/usr/bin/env python3
"""Counts the instructions of a Create IM and compares them with bench/baseline.json.

callgrind counts what the actors, the wire and the parser do for one request, over a transport in
memory: no noise, no sockets. More than 5 % above the baseline fails, and shows which functions
grew. Fewer instructions are good news: `--write` keeps them.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BASELINE = pathlib.Path(__file__).parent / "baseline.json"
REQUESTS = 5_000
LIMIT = 1.05
# What is gained is kept, or the next loss would pass.
LEAST_RATIO = 0.9
# Functions that take less of a request are not kept.
LEAST = 10


def count(program, folder):
    """Instructions per request, in all and by function."""
    key = folder / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    out = folder / "callgrind.out"
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}", program,
         "count", "--key", key, "--requests", str(REQUESTS)],
        capture_output=True, text=True, env={"SSL_CERT_FILE": "/dev/null", "PATH": "/usr/bin:/bin"})
    if run.returncode != 0 or not out.exists():
        sys.exit(f"guard: counting failed:\n{run.stderr[-2000:]}")
    text = subprocess.run(["callgrind_annotate", "--threshold=100", out], capture_output=True, text=True,
                          check=True).stdout
    total = int(re.search(r"([\d,]+) \(.*?PROGRAM TOTALS", text)[1].replace(",", ""))
    by_function = {}
    for number, name in re.findall(r"^\s*([\d,]+) \([ \d.]+%\)\s+(\S.*)$", text, re.M):
        if "PROGRAM TOTALS" in name:
            continue
        name = re.sub(r" \[[^\]]*\]$", "", name)
        name = re.sub(r"^\S*?:(?=[^:])", "", name)[:200]
        by_function[name] = by_function.get(name, 0) + int(number.replace(",", "")) // REQUESTS
    return total // REQUESTS, by_function


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default="build-release", help="build folder")
    options.add_argument("--write", action="store_true", help="keep the count as the new baseline")
    given = options.parse_args()
    program = pathlib.Path(given.build, "bin/tutti-bench").resolve()
    with tempfile.TemporaryDirectory() as name:
        total, by_function = count(program, pathlib.Path(name))
    if given.write:
        kept = {name: n for name, n in sorted(by_function.items(), key=lambda each: -each[1]) if n >= LEAST}
        BASELINE.write_text(json.dumps({"instructions": total, "functions": kept}, indent=1) + "\n")
    kept = json.loads(BASELINE.read_text())
    ratio = total / kept["instructions"]
    print(f"{total} instructions a Create IM in memory, {ratio:.3f} times the baseline's "
          f"{kept['instructions']} (at most {LIMIT})")
    if ratio < LEAST_RATIO:
        sys.exit("guard: far fewer than bench/baseline.json has: if it became so cheap, keep it with "
                 "python3 bench/guard.py --write; if it counts nothing, build with valgrind's headers")
    if ratio <= LIMIT:
        return
    growth = sorted(((now - kept["functions"].get(name, 0), name) for name, now in by_function.items()),
                    reverse=True)
    print("grown, in instructions a request:")
    for more, name in growth[:15]:
        print(f"  {more:+6d}  {name[:150]}")
    sys.exit(f"guard: more than {LIMIT - 1:.0%} above bench/baseline.json; make it cheaper, or say why "
             "it is worth that and keep it: python3 bench/guard.py --write")


if __name__ == "__main__":
    main()
