#!/usr/bin/env python3
"""Runs the fuzz targets, each for a while, from the corpus that is kept.

Usage: run.py BUILD [--seconds N] [--keep] [TARGET..]

An input that breaks a promise is kept in BUILD/found and the run fails. `--keep` takes what reached
new code into the corpus (the smallest set that reaches it all).
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# Far above what an honest input of this size needs.
LIMITS = ["-max_len=4096", "-timeout=10", "-rss_limit_mb=2048"]


def corpus_of(target):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def dictionary_of(target):
    found = HERE / "dictionaries" / f"{target}.dict"
    return [f"-dict={found}"] if found.exists() else []


def fuzz(build, target, seconds, keep):
    """A line for people, and whether all promises were kept."""
    program = build / "bin" / f"fuzz-{target}"
    found = build / "found"
    found.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as fresh:
        run = subprocess.run(
            [program, fresh, corpus_of(target), f"-max_total_time={seconds}", "-print_final_stats=1",
             f"-artifact_prefix={found}/{target}-", *LIMITS, *dictionary_of(target)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", check=False)
        if run.returncode != 0:
            return "\n".join(run.stdout.splitlines()[-40:]) + f"\n{target}: BROKEN", False
        if keep:
            merge(program, target, fresh)
    executions = re.search(r"number_of_executed_units: (\d+)", run.stdout)
    reached = re.findall(r" cov: (\d+)", run.stdout)
    if not executions or not reached or int(executions[1]) < 1000:
        return run.stdout[-2000:] + f"\n{target}: hardly ran", False
    inputs = len(list(corpus_of(target).iterdir()))
    return (f"{target}: {seconds} s, {int(executions[1]):,} inputs, {reached[-1]} edges reached, "
            f"{inputs} inputs kept"), True


def merge(program, target, fresh):
    """The smallest of both sets that reach everything, as the new corpus."""
    kept = corpus_of(target)
    with tempfile.TemporaryDirectory() as smallest:
        subprocess.run([program, "-set_cover_merge=1", "-use_counters=0", smallest, kept, fresh], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        shutil.rmtree(kept)
        shutil.copytree(smallest, kept)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--keep", action="store_true")
    options.add_argument("targets", nargs="*")
    given = options.parse_intermixed_args()
    known = sorted(path.stem for path in HERE.glob("*.cpp"))
    for target in given.targets:
        if target not in known:
            sys.exit(f"run.py: no target '{target}'; there are: {' '.join(known)}")
    good = True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for line, kept in pool.map(
                lambda target: fuzz(given.build.resolve(), target, given.seconds, given.keep),
                given.targets or known):
            print(line, flush=True)
            good = good and kept
    if not good:
        sys.exit(f"run.py: the input is in {given.build / 'found'}; "
                 "show it again with: build-fuzz/bin/fuzz-TARGET FILE")


if __name__ == "__main__":
    main()
