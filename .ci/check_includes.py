#!/usr/bin/env python3
"""Who may include whom: the table of the architecture, checked on every source file.

Usage: check_includes.py [ROOT]. Prints each forbidden include as path:line and exits 1 if any.
"""
import pathlib
import re
import sys

# Third parties by the prefix of their include path.
LIBRARIES = {
    "caf": r"caf/",
    # Values and containers, none of which is compiled.
    "boost.system": r"boost/(system|assert|container|unordered)/|boost/version\.hpp",
    "asio": r"boost/asio",
    "beast": r"boost/(beast|asio|core/span)",
    "url": r"boost/url",
    "json": r"boost/json",
    "openssl": r"openssl/",
    "zlib": r"zlib\.h",
    "simdjson": r"simdjson\.h",
    "fmt": r"fmt/",
    "spdlog": r"spdlog/",
    "yaml": r"yaml-cpp/",
    "sqlite": r"sqlite3\.h",
    "cli11": r"CLI/",
    "prometheus": r"prometheus/",
    "dl": r"dlfcn\.h",
    "posix": r"(unistd|fcntl|signal|poll|netdb|pwd|sys/[a-z]+|pthread|netinet/[a-z]+)\.h",
    "gtest": r"(gtest|gmock)/",
    "cpp-jwt": r"jwt/",
    "benchmark": r"benchmark/",
    "valgrind": r"valgrind/",
    "linux": r"(arpa|netinet|sys)/[a-z]+\.h|malloc\.h",
}

VALUES = r"tutti/(?!protocol/|testing/|(?:core|plugin|bot|ask|by_name)\.hpp)[a-z_]+\.hpp"
CONTRACT = r"tutti/[a-z_/]+\.hpp"
FRONT_DOORS = r"actors/(spawn|prover|off_thread|wire/endpoints|wire/key_file|http/client|http/pool|http/tls|loop/loop)\.hpp|plugins/loader\.hpp|bot/[a-z_/]+\.hpp"

# (files, own includes allowed, third parties allowed); the first row that matches a file counts.
RULES = [
    (r"include/tutti/protocol/.*", rf"{VALUES}|tutti/protocol/[a-z_]+\.hpp", {"boost.system", "caf"}),
    (r"include/tutti/testing/.*", CONTRACT, {"boost.system", "caf"}),
    (r"include/tutti/(core|plugin|bot|ask|by_name)\.hpp", CONTRACT, {"boost.system", "caf"}),
    (r"include/tutti/.*", VALUES, {"boost.system"}),
    (r"actors/crypto/.*", rf"{VALUES}|actors/crypto/[a-z_]+\.hpp", {"fmt", "openssl"}),
    (r"actors/wire/.*", rf"{VALUES}|actors/(wire/[a-z0-9_]+|crypto/private_key)\.hpp",
     {"boost.system", "simdjson", "fmt", "json", "openssl", "posix"}),
    (r"actors/http/.*", rf"{VALUES}|actors/(http/[a-z_]+|crypto/private_key|slab|off_thread|loop/job_door)\.hpp",
     {"boost.system", "asio", "beast", "url", "openssl", "zlib", "posix"}),
    (r"actors/loop/.*", rf"{VALUES}|tutti/protocol/error\.hpp|actors/(loop/[a-z_]+|slab)\.hpp", {"boost.system", "caf", "asio"}),
    (r"actors/store/.*", rf"{VALUES}|actors/store/[a-z_]+\.hpp", {"boost.system", "sqlite", "posix"}),
    (r"config/.*", rf"{VALUES}|config/[a-z_]+\.hpp", {"boost.system", "yaml"}),
    (r"actors/.*", rf"{CONTRACT}|actors/(?!http/(?:pool|connection|answer_(?:parser|reader)|tls|trust_store)\.hpp)[a-z_/]+\.hpp",
     {"boost.system", "caf", "spdlog"}),
    (r"plugins/(local_[a-z]+|answer_box|request_reader|host_names|reserve_descriptor)\.[ch]pp",
     rf"{VALUES}|actors/loop/(run_guarded|job_door)\.hpp|plugins/(local_[a-z]+|answer_box|request_reader|host_names|reserve_descriptor)\.hpp",
     {"boost.system", "asio", "beast", "url", "posix"}),
    (r"plugins/(loader|shared_object|in_plugin)\.[ch]pp", rf"{CONTRACT}|{FRONT_DOORS}|plugins/(shared_object|in_plugin)\.hpp",
     {"boost.system", "caf", "spdlog", "dl", "posix"}),
    (r"testing/.*", rf"{CONTRACT}|emulator/(emulator|jwt|seed)\.hpp", {"boost.system"}),
    (r"plugins/metrics/.*", CONTRACT, {"boost.system", "caf", "spdlog", "prometheus"}),
    (r"plugins/relay/.*", CONTRACT, {"boost.system", "caf", "spdlog", "simdjson", "openssl"}),
    (r"plugins/.*|examples/.*", CONTRACT, {"boost.system", "caf", "spdlog", "gtest"}),
    (r"bot/.*", rf"{CONTRACT}|{FRONT_DOORS}",
     {"boost.system", "caf", "spdlog", "cli11", "dl", "openssl", "asio", "simdjson", "fmt", "posix"}),
    (r"emulator/.*", r"emulator/[a-z_]+\.hpp",
     {"boost.system", "asio", "beast", "url", "simdjson", "openssl", "yaml", "sqlite", "zlib",
      "cli11", "posix"}),
    (r"(tests|bench|cmake)/.*", r".*", set(LIBRARIES)),
]

OWN = re.compile(r"(tutti|actors|config|plugins|bot|emulator|tests|bench|examples)/")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
# A plugin's own header, in its own folder.
PLUGIN = re.compile(r"plugins/([a-z_]+)/")


def rule_for(path):
    for files, own, libraries in RULES:
        if re.fullmatch(files, path):
            return own, libraries
    return None


def objection(path, quoted, name):
    """Why `path` may not include `name`, or None."""
    rule = rule_for(path)
    if rule is None:
        return "stands in a folder without a rule: add one to .ci/check_includes.py"
    own, libraries = rule
    if OWN.match(name):
        if name.startswith("tutti/version.hpp") or re.fullmatch(own, name):
            return None
        here = PLUGIN.match(path)
        if here and name.startswith(here.group(0)):
            return None
        return f"may not include {name}"
    for library, prefix in LIBRARIES.items():
        if re.match(prefix, name):
            allowed = [l for l in libraries if re.match(LIBRARIES[l], name)]
            return None if allowed else f"may not use {library} ({name})"
    if "/" in name and not re.match(r"(sys|bits|netinet|arpa)/", name):
        return f"includes {name}, which no row knows: add the library to .ci/check_includes.py"
    if quoted == '"':
        return f'includes "{name}": write the whole path in angle brackets'
    if name.endswith(".h"):
        return f"includes {name}: use the C++ header, or add the library to the table"
    return None


def check(root):
    root = pathlib.Path(root)
    found = []
    for folder in ("include", "actors", "config", "plugins", "bot", "emulator", "examples", "testing", "tests",
                   "bench", "cmake"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            path = file.relative_to(root).as_posix()
            for number, line in enumerate(file.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if match:
                    why = objection(path, *match.groups())
                    if why:
                        found.append(f"{path}:{number}: {why}")
    return found


if __name__ == "__main__":
    problems = check(sys.argv[1] if len(sys.argv) > 1 else ".")
    print("\n".join(problems) or "include rules hold")
    sys.exit(1 if problems else 0)
