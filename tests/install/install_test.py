#!/usr/bin/env python3
"""Installs the build and uses it as a stranger would: find_package, pkg-config, add_subdirectory.

usage: install_test.py BUILD_DIR SOURCE_DIR subdirectory|installed
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

BUILD, SOURCE, HOW = sys.argv[1:4]
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402

HELLO = f"{SOURCE}/examples/1_hello.cpp"


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def opens_an_im(program, pod_program, **more):
    with pod.running_pod(pod_program, SOURCE) as (base, environment):
        ada = str(pod.get(base, "/emulator/users")["ada"])
        shown = run(program, f"{SOURCE}/config/demo.yaml", ada, env={**environment, **more})
    if not shown.startswith("open: "):
        sys.exit(f"{program} says: {shown}")
    print(f"{program}: {shown.strip()}")


def consume(folder, *options):
    run("cmake", "-G", "Ninja", "-S", f"{SOURCE}/tests/install", "-B", folder,
        f"-DBOT_SOURCE={HELLO}", "-DCMAKE_BUILD_TYPE=Release", *options)
    run("cmake", "--build", folder)
    return f"{folder}/bot"


if HOW == "subdirectory":
    inside = f"{BUILD}/subdirectory-test" # One place each time: the compiler cache knows it.
    shutil.rmtree(inside, ignore_errors=True)
    opens_an_im(consume(inside, f"-DTUTTI_SOURCE={SOURCE}"), f"{BUILD}/bin/tutti-pod")
    sys.exit()
with tempfile.TemporaryDirectory() as folder:
    prefix = f"{folder}/prefix"
    run("cmake", "--install", BUILD, "--prefix", prefix)
    bot = consume(f"{folder}/found", f"-DCMAKE_PREFIX_PATH={prefix}")
    opens_an_im(bot, f"{prefix}/bin/tutti-pod")
    print(run(f"{prefix}/bin/tutti", "--version").strip())

    [package] = pathlib.Path(prefix).rglob("tutti.pc")
    flags = run("pkg-config", "--cflags", "--libs", "tutti",
                env=dict(os.environ, PKG_CONFIG_PATH=str(package.parent))).split()
    run("g++", HELLO, *flags, "-o", f"{folder}/bot")
    opens_an_im(f"{folder}/bot", f"{prefix}/bin/tutti-pod",
                LD_LIBRARY_PATH=str(package.parent.parent))
