#!/usr/bin/env python3
"""Installs the build and uses it as a stranger would: find_package, pkg-config, add_subdirectory.

usage: install_test.py BUILD_DIR SOURCE_DIR subdirectory|installed
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BUILD, SOURCE, HOW = sys.argv[1:4]
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402
import service  # noqa: E402

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
    run("cmake", "--build", folder, "--target", "bot") # Of Tutti, what the bot needs.
    return f"{folder}/bot"


def runs_a_plugin(program, pod_program, plugin):
    """Runs until it has greeted both users of its configuration; then it is stopped."""
    with pod.running_pod(pod_program, SOURCE) as (_, environment), tempfile.TemporaryDirectory() as place:
        bot = service.service(program, f"{SOURCE}/examples/5_plugin/bot.yaml", place,
                              {**environment, "GREETER": plugin})
        try:
            bot.until_ready()
            service.until(lambda: bot.text().count(" greeted ") == 2)
        finally:
            status = bot.end()
        if status != 0:
            sys.exit(f"{program} run ended with status {status}")
    print(f"{plugin}: greeted")


def shows_its_own_names_only(library):
    """A host may have libraries of the same names, such as another Asio: neither may see the other's."""
    names = [line.split(" ", 2)[2] for line in run("nm", "-D", "-C", "--defined-only", library).splitlines()]
    foreign = [name for name in names if not re.search(r"\btutti(::|_plugin_)", re.split(r"[(]|(?<!hash)<", name)[0])]
    if foreign or not names:
        sys.exit(f"{library} has {len(names)} names, {len(foreign)} of them not its own: {foreign[:5]}")


if HOW == "subdirectory":
    inside = f"{BUILD}/subdirectory-test" # One place each time: the compiler cache knows it.
    shutil.rmtree(inside, ignore_errors=True)
    opens_an_im(consume(inside, f"-DTUTTI_SOURCE={SOURCE}", "-DCMAKE_BUILD_TYPE=Debug",
                          "-DCMAKE_CXX_FLAGS_DEBUG=-O0"), f"{BUILD}/bin/tutti-pod")
    sys.exit()
with tempfile.TemporaryDirectory() as folder:
    prefix = f"{folder}/prefix"
    run("cmake", "--install", BUILD, "--prefix", prefix)
    for name in ("libtutti.so", "libtutti-testing.so"):
        [library] = pathlib.Path(prefix).rglob(name)
        shows_its_own_names_only(library)
    bot = consume(f"{folder}/found", f"-DCMAKE_PREFIX_PATH={prefix}")
    opens_an_im(bot, f"{prefix}/bin/tutti-pod")
    print(run(f"{prefix}/bin/tutti", "--version").strip())

    plugin = f"{folder}/greeter"
    run("cmake", "-G", "Ninja", "-S", f"{SOURCE}/examples/5_plugin", "-B", plugin,
        f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", plugin)
    runs_a_plugin(f"{prefix}/bin/tutti", f"{prefix}/bin/tutti-pod", f"{plugin}/greeter.so")

    [package] = pathlib.Path(prefix).rglob("tutti.pc")
    flags = run("pkg-config", "--cflags", "--libs", "tutti",
                env=dict(os.environ, PKG_CONFIG_PATH=str(package.parent))).split()
    run("g++", HELLO, *flags, "-o", f"{folder}/bot")
    libraries = dict(LD_LIBRARY_PATH=str(package.parent.parent))
    opens_an_im(f"{folder}/bot", f"{prefix}/bin/tutti-pod", **libraries)

    # An author's tests: scripted actors, and a pod in the test's own process.
    flags = run("pkg-config", "--cflags", "--libs", "tutti-testing", "gtest_main",
                env=dict(os.environ, PKG_CONFIG_PATH=str(package.parent))).split()
    for test in ("examples/7_test_a_bot.cpp", "tests/integration/testing_kit_test.cpp"):
        run("g++", f"{SOURCE}/{test}", *flags, "-o", f"{folder}/test")
        print(run(f"{folder}/test", env={**os.environ, **libraries}).strip().splitlines()[-1])

    unit = f"{prefix}/lib/systemd/system/tutti@.service"
    for line in ("Type=notify", "ExecStart=/usr/bin/tutti run --config /etc/tutti/%i.yaml",
                 "RestartPreventExitStatus=64 78"):
        if line not in pathlib.Path(unit).read_text():
            sys.exit(f"{unit}: {line} is missing")
