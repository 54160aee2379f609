#!/usr/bin/env python3
"""Runs one example against the emulator, as CI does.

usage: run.py TUTTI_POD EXAMPLE SOURCE_DIR. Each example is given the demo bot's configuration and
what stands for it below, and has to end with status 0 and say what stands there.
"""
import pathlib
import subprocess
import sys

POD, EXAMPLE, SOURCE = sys.argv[1:4]
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402

with pod.running_pod(POD, SOURCE) as (base, environment):
    ada = str(pod.get(base, "/emulator/users")["ada"])
    arguments, expected = {
        "example-1_hello": ([f"{SOURCE}/config/demo.yaml", ada], "open: "),
    }[pathlib.Path(EXAMPLE).name]
    run = subprocess.run([EXAMPLE, *arguments], env=environment, capture_output=True, text=True,
                         timeout=30)
print(run.stdout, run.stderr, sep="")
sys.exit(0 if run.returncode == 0 and expected in run.stdout else 1)
