#!/usr/bin/env python3
"""Breaks the core on purpose, one patch at a time, and shows that the tests notice.

Usage: run.py BUILD [--changed-since REVISION] [--only PART] [--first]. Needs a build of
tutti-unit-tests, tutti-pod-tests and tutti-simulation in BUILD; compiles only what a patch touches, into
BUILD/mutants. All of them run on each mutant (--first: the next one only where the one before has noticed
nothing), and before that on the code as it is, where they must pass. A mutant is killed when one of
them names a failed test or seed, crashes or does not end; exits 1 when one survives or a patch no longer
applies.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATCHES = sorted(pathlib.Path(__file__).parent.glob("*.patch"))
# The unit tests first: they say what is wrong.
PROGRAMS = {
    "tutti-unit-tests": ["--gtest_brief=1", "--gtest_fail_fast=1"],
    # Those of whole bots at a desk.
    "tutti-pod-tests": ["--gtest_brief=1", "--gtest_fail_fast=1",
                        "--gtest_filter=dialogues_*test*:forms_test*:state_of_a_bot_test*:reminders_test*"],
    "tutti-simulation": ["--seeds", "1000", "--jobs", "1"],
}
PATIENCE = 60


def run(command, **more):
    return subprocess.run(command, capture_output=True, text=True, **more)


def files_of(patch):
    return re.findall(r"^\+\+\+ b/(\S+)", patch.read_text(), re.M)


def edits_of(patch):
    """What it takes out and puts in, wherever its files stand."""
    return [line for line in patch.splitlines() if re.match(r"[+-](?![+-])", line)]


class Build:
    """What ninja knows of the test programs."""

    def __init__(self, folder):
        self.folder = folder.resolve()
        self.commands = {}
        for row in json.loads((self.folder / "compile_commands.json").read_text()):
            output = re.search(r" -o (\S+)", row["command"])[1]
            self.commands[output] = (row["command"], row["file"])
        self.links = {}
        self.objects = set()
        for program in PROGRAMS:
            lines = run(["ninja", "-C", self.folder, "-t", "commands", program]).stdout.splitlines()
            self.links[program] = next(x for x in reversed(lines) if f"-o bin/{program} " in x)
            self.objects |= set(re.findall(r"\S+\.cpp\.o\b", self.links[program]))
        self.users = {}
        target = None
        for line in run(["ninja", "-C", self.folder, "-t", "deps"]).stdout.splitlines():
            if line and not line.startswith(" "):
                target = line.split(":")[0]
            elif line:
                self.users.setdefault(os.path.normpath(self.folder / line.strip()), set()).add(target)

    def touched_by(self, files):
        touched = set()
        for name in files:
            touched |= self.users.get(str(ROOT / name), set())
        return sorted(touched & self.objects)


def compile_mutant(build, patch, place):
    """Answers what is wrong, or nothing."""
    overlay = place / "overlay"
    shutil.rmtree(place, ignore_errors=True)
    for name in files_of(patch):
        (overlay / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, overlay / name)
    # Outside of git's work tree, or it would look there.
    applied = run(["patch", "-p1", "--forward", "--silent", "--fuzz=0", "-i", patch], cwd=overlay)
    if applied.returncode != 0:
        return "the patch no longer applies:\n" + applied.stdout + applied.stderr
    moved = {}
    for target in build.touched_by(files_of(patch)):
        command, source = build.commands[target]
        moved[target] = str(place / target.replace("/", "_"))
        words = []
        for word in shlex.split(command):
            if word == target:
                word = moved[target]
            elif word == target + ".d":
                word = moved[target] + ".d"
            elif word == source and (overlay / os.path.relpath(source, ROOT)).exists():
                word = str(overlay / os.path.relpath(source, ROOT))
            words.append(word)
        first = next(i for i, word in enumerate(words) if word.startswith("-I"))
        words.append("-Wno-error") # What is cut out may leave a variable behind.
        words[first:first] = [f"-I{overlay}/include", f"-I{overlay}"]
        made = run(words, cwd=build.folder)
        if made.returncode != 0:
            return "it does not compile:\n" + made.stderr[-2000:]
    if not moved:
        return "it touches nothing that the test programs are made of"
    for program, link in build.links.items():
        link = link.replace(f"-o bin/{program} ", f"-o {place}/{program} ")
        for target, other in moved.items():
            link = re.sub(rf"(?<=\s){re.escape(target)}(?=\s)", other, link)
        made = run(link, shell=True, cwd=build.folder)
        if made.returncode != 0:
            return "it does not link:\n" + made.stderr[-2000:]
    return None


def noticed(program, arguments):
    """What a test program objects to, or nothing."""
    try:
        ended = run([program, *arguments], cwd=ROOT, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return "does not end"
    if ended.returncode == 0:
        return None
    said = re.findall(r"^\[  FAILED  \] (\S+)|^seed \d+: (.*)$", ended.stdout, re.M)
    if said:
        return "".join(said[0])
    if ended.returncode < 0:
        return f"crashes ({signal.Signals(-ended.returncode).name})"
    sys.exit(f"{program} ended with {ended.returncode} and names no failure:\n"
             + ended.stdout[-1000:] + ended.stderr[-1000:])


def killed_by(place, first):
    """What noticed, by program; empty for nothing."""
    seen = {}
    for name, arguments in PROGRAMS.items():
        if what := noticed(place / name, arguments):
            seen[name.removeprefix("tutti-")] = what
            if first:
                break
    return seen


def judge(build, patch, first):
    began = time.monotonic()
    place = build.folder / "mutants" / patch.stem
    wrong = compile_mutant(build, patch, place)
    killer = None if wrong else killed_by(place, first)
    shutil.rmtree(place, ignore_errors=True)
    return patch.stem, wrong, killer, time.monotonic() - began


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--changed-since")
    arguments.add_argument("--only")
    arguments.add_argument("--first", action="store_true")
    options = arguments.parse_args()

    chosen = [x for x in PATCHES if not options.only or options.only in x.stem]
    for patch in chosen:
        checked = run(["git", "-C", ROOT, "apply", "--check", patch])
        if checked.returncode != 0:
            sys.exit(f"{patch.relative_to(ROOT)} no longer applies; write it again:\n{checked.stderr}")
    print(f"{len(chosen)} patches apply")
    if options.changed_since:
        listed = run([sys.executable, ROOT / ".ci/changed_sources.py", options.changed_since, "*.cpp", "*.hpp"], cwd=ROOT)
        if listed.returncode != 0:
            sys.exit(f"changed_sources.py failed:\n{listed.stderr}")
        changed = set(listed.stdout.split())
        chosen = [x for x in chosen
                  if changed & set(files_of(x)) or edits_of(x.read_text()) != edits_of(
                      run(["git", "-C", ROOT, "show", f"{options.changed_since}:{x.relative_to(ROOT)}"]).stdout)]
        print(f"{len(chosen)} of them or their files have changed")
    build = Build(options.build)
    for program, arguments in PROGRAMS.items():
        if wrong := noticed(build.folder / "bin" / program, arguments):
            sys.exit(f"{program} fails on the code as it is: {wrong}")
    survivors = 0
    by_simulation = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, wrong, killer, took in pool.map(lambda x: judge(build, x, options.first), chosen):
            survivors += not killer
            by_simulation += "simulation" in (killer or {})
            said = "; ".join(f"{program}: {what}" for program, what in (killer or {}).items())
            print(f"{took:6.1f} s  {name:32} {said or wrong or 'SURVIVED'}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} killed, {by_simulation} by the simulation")
    sys.exit(1 if survivors else 0)


main()
