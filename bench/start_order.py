#!/usr/bin/env python3
"""Writes start_order.ld into the build folder: the functions of libtutti.so that a bot runs from its start over one
IM to its end, over plain HTTP and over TLS, for the linker to lay together.

With -DTUTTI_START_ORDER=FILE the linker lays them together; a bot then reads no code beside them, and
that code takes no memory ("memory of an idle bot" of ./dev bench).
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import pod

# Names of instantiations are long; what begins alike is mostly used alike.
LONGEST = 80
HEAD = """\
/* What a bot runs from its start to its end, for the linker to lay together: written by
   python3 bench/start_order.py, included by the linker's script in cmake/lean_library.cmake. */
"""


def functions_run(folder, *command):
    """Mangled names of the library's functions that ran."""
    out = folder / "callgrind.out"
    run = subprocess.run(["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={out}",
                          *map(str, command)], capture_output=True, text=True,
                         env={**os.environ, "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/dev/null"})
    if run.returncode != 0:
        sys.exit(f"start_order: the bot failed under valgrind:\n{run.stderr[-2000:]}")
    # callgrind writes a name once, and its number ever after.
    names, objects, here, ran = {}, {}, "", set()
    for kind, number, name in re.findall(r"^(c?fn|c?ob)=\((\d+)\)(?: (.*))?$", out.read_text(), re.M):
        known = objects if kind.endswith("ob") else names
        if name:
            known[number] = name
        if kind == "ob":
            here = known[number]
        elif kind == "fn" and "/libtutti.so" in here:
            ran.add(re.sub(r"'\d+$", "", known[number]))
    return ran


def sections_of(functions, library, linker_map):
    """The sections the linker found them in: constructors and thunks have several names in one."""
    symbols = re.findall(r"^([0-9a-f]+) \w (\S+)$",
                         subprocess.run(["nm", library], capture_output=True, text=True, check=True).stdout, re.M)
    sections = [(int(address, 16), int(size, 16), name) for name, address, size in
                re.findall(r"^ \.text\.(\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) ", linker_map.read_text(), re.M)]
    used = {int(address, 16) for address, name in symbols if name in functions}
    return {name for address, size, name in sections
            if any(address <= each < address + size for each in used)}


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default="build-release", help="build folder, with TUTTI_BUILD_BENCH")
    given = options.parse_args()
    build = pathlib.Path(given.build).resolve()
    linker_map = build / "libtutti.map"
    if not linker_map.exists():
        sys.exit(f"start_order: there is no {linker_map}: it takes GNU ld, TUTTI_BUILD_BENCH and no sanitizer")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pod.make_keys(folder)
        nginx, ports = pod.start_nginx(folder)
        try:
            bot = [build / "bin/tutti-bench-bot", folder / "key.pem"]
            functions = (functions_run(folder, *bot, ports.lone, 0)
                         | functions_run(folder, *bot, ports.lone_tls, 0, folder / "pod.pem"))
        finally:
            nginx.stop()
    sections = sections_of(functions, build / "lib/libtutti.so", linker_map)
    lines = sorted({each if len(each) <= LONGEST else each[:LONGEST] + "*" for each in sections
                    if not each.startswith(("startup.", "unlikely."))})
    (build / "start_order.ld").write_text(HEAD + "*(.text.startup .text.startup.*)\n"
                     + "".join(f"*(.text.{each})\n" for each in lines))
    print(f"{len(functions)} functions ran, in {len(sections)} sections; {build.name}/start_order.ld has {len(lines)} "
          "lines")


if __name__ == "__main__":
    main()
