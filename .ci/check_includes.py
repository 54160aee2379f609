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
    "describe": r"boost/(describe|mp11)",
    "asio": r"boost/asio",
    "beast": r"boost/(beast|asio|core/span)",
    "url": r"boost/url",
    "json": r"boost/json",
    "openssl": r"openssl/",
    "zlib": r"zlib\.h",
    "simdjson": r"simdjson\.h",
    "expat": r"expat\.h",
    "md4c": r"md4c\.h",
    "re2": r"re2/",
    "date": r"date/",
    "fmt": r"fmt/",
    "spdlog": r"spdlog/",
    "yaml": r"yaml-cpp/",
    "sqlite": r"sqlite3\.h",
    "cli11": r"CLI/",
    "prometheus": r"prometheus/",
    "dl": r"dlfcn\.h",
    "posix": r"(unistd|iconv|fcntl|signal|poll|netdb|pwd|sys/[a-z]+|pthread|netinet/[a-z]+)\.h",
    "gtest": r"(gtest|gmock)/",
    "cpp-jwt": r"jwt/",
    "benchmark": r"benchmark/",
    "valgrind": r"valgrind/",
    "linux": r"(arpa|netinet|sys)/[a-z]+\.h|malloc\.h",
}

VALUES = r"tutti/(?!protocol/|testing/|(?:core|plugin|bot|ask|by_name|chat|dialogue|form|living_message|state)\.hpp)(?:messageml/)?[a-z_]+\.hpp"
CONTRACT = r"tutti/[a-z_/]+\.hpp"
FRONT_DOORS = (r"actors/(spawn|auth/login_prover|loop/loop)\.hpp|base/(threads/off_thread|crypto/[a-z_0-9]+)\.hpp|"
               r"wire/(endpoints|agent/(datafeed|events)|messageml/messageml)\.hpp|transport/(client|pool|tls/tls)\.hpp|plugins/loader\.hpp|bot/[a-z_/]+\.hpp")
SERVER = "local/(?!local_client)[a-z_]+"


def base(*rooms):
    return "|".join(rf"base/{room}/[a-z_0-9]+\.hpp" for room in rooms)


def actor(own, *rooms, also=""):
    """What a room of actors/ may include: the contract, itself, these rooms, and what `also` names."""
    others = "|".join((own, "loop", "telemetry", *rooms))
    row = rf"{CONTRACT}|actors/({others})/[a-z_]+\.hpp|{base('containers')}"
    return (rf"actors/{own}/.*", row + (f"|{also}" if also else ""), {"boost.system", "caf", "spdlog"})


WIRE = r"wire/(endpoints|redact)\.hpp"

# (files, own includes allowed, third parties allowed); the first row that matches a file counts.
RULES = [
    (r"include/tutti/protocol/.*", rf"{VALUES}|tutti/protocol/[a-z_]+\.hpp", {"boost.system", "caf"}),
    (r"include/tutti/(testing|detail|commands)/.*", CONTRACT, {"boost.system", "caf"}),
    (r"include/tutti/(core|plugin|bot|ask|by_name|chat|dialogue|form|living_message|state)\.hpp", CONTRACT, {"boost.system", "caf"}),
    (r"include/tutti/described\.hpp", VALUES, {"describe"}),
    (r"include/tutti/.*", VALUES, {"boost.system"}),
    (r"base/values/caf_error\.cpp", r"tutti/protocol/error\.hpp", {"boost.system", "caf"}),
    (r"base/values/regular_expression\.cpp", r"tutti/regular_expression\.hpp", {"re2"}),
    (r"base/values/json_value\.cpp", r"tutti/json_(text|value)\.hpp", {"json"}),
    (r"base/values/.*", rf"{VALUES}|{base('values')}", {"boost.system", "simdjson", "fmt"}),
    (r"base/containers/.*", base("containers"), {"boost.system"}),
    (r"base/threads/.*", rf"{VALUES}|{base('threads')}", {"asio"}),
    (r"base/crypto/.*", rf"{VALUES}|{base('crypto')}", {"boost.system", "fmt", "openssl"}),
    (r"store/.*", rf"{VALUES}|store/[a-z_/]+\.hpp", {"boost.system", "sqlite", "posix"}),
    (r"transport/.*", rf"{VALUES}|{base('containers', 'threads', 'crypto')}|transport/[a-z_/]+\.hpp",
     {"boost.system", "asio", "beast", "url", "openssl", "zlib", "posix"}),
    (r"wire/messageml/xml/.*", r"wire/messageml/(fault|xml/[a-z_]+)\.hpp", {"expat", "posix"}),
    (r"wire/messageml/text/.*", r"wire/(ascii|messageml/(fault|text/[a-z_]+))\.hpp", {"json"}),
    (r"wire/messageml/grammar/.*", r"wire/messageml/(fault|known|(grammar|text|xml)/[a-z_]+|output/entity_data)\.hpp", {"json", "fmt"}),
    (r"wire/messageml/output/.*", r"wire/messageml/(fault|grammar/t(able|ree)|(output|text|xml)/[a-z_]+)\.hpp", {"json"}),
    (r"wire/messageml/builder/.*", r"tutti/messageml(/[a-z]+)?\.hpp|wire/messageml/(messageml|(builder|grammar|text|xml)/[a-z_]+)\.hpp", set()),
    (r"wire/messageml/markdown/.*", r"tutti/messageml/markdown\.hpp|wire/messageml/(builder/escape|(markdown|grammar|text)/[a-z_]+)\.hpp",
     {"md4c"}),
    (r"wire/messageml/.*", r"tutti/(export|ids|messageml|message_reader)\.hpp|wire/messageml/[a-z_/]+\.hpp", {"boost.system", "json", "fmt"}),
    (r"wire/agent/.*", rf"{VALUES}|{base('crypto')}|wire/[a-z_]+\.hpp|wire/agent/[a-z_]+\.hpp", {"boost.system", "simdjson", "fmt"}),
    (r"wire/.*", rf"{VALUES}|{base('crypto')}|wire/[a-z_]+\.hpp", {"boost.system", "simdjson", "fmt"}),
    (r"config/.*", rf"{VALUES}|base/values/nearest\.hpp|config/[a-z_]+\.hpp", {"boost.system", "yaml", "posix"}),
    (r"actors/loop/.*", rf"{VALUES}|tutti/protocol/error\.hpp|actors/loop/[a-z_]+\.hpp|{base('containers', 'threads')}",
     {"boost.system", "caf", "asio"}),
    (r"actors/telemetry/.*", rf"{VALUES}|actors/telemetry/[a-z_]+\.hpp", {"boost.system", "spdlog"}),
    (r"actors/hosts/.*", rf"{VALUES}|actors/hosts/[a-z_]+\.hpp", {"boost.system"}),
    (r"actors/directory/.*", rf"{VALUES}|tutti/protocol/[a-z_]+\.hpp|actors/directory/[a-z_]+\.hpp|store/directory_file\.hpp|"
     rf"{base('containers')}", {"boost.system", "spdlog"}),
    actor("requests", also=WIRE),
    actor("http", "requests", "hosts", also=rf"{WIRE}|transport/(client|hosts)\.hpp"),
    actor("auth", "requests", also=rf"{WIRE}|{base('crypto', 'threads')}"),
    actor("users", "requests", also=WIRE),
    actor("connections", "requests", also=WIRE),
    actor("entitlement", "requests", "auth", also=WIRE),
    actor("im", "requests", "directory", "entitlement", also=WIRE),
    actor("rooms", "requests", also=WIRE),
    actor("streams", "requests", also=WIRE),
    actor("messages", "requests", also=rf"{WIRE}|wire/agent/messages\.hpp|{base('threads')}"),
    actor("journal"),
    actor("dispatch", "requests", also=r"wire/agent/events\.hpp"),
    actor("datafeed", "requests", also=rf"{WIRE}|wire/agent/(datafeed|events|messages)\.hpp"),
    actor("apps", "requests", "auth", also=rf"{WIRE}|wire/apps\.hpp|{base('crypto')}"),
    actor("bridge", "requests", also=r"base/crypto/exit_guard\.hpp"),
    actor("supervision", "requests", also=WIRE),
    (r"actors/[a-z_]+\.[ch]pp", rf"{CONTRACT}|actors/[a-z_/]+\.hpp|transport/(client|pool|hosts)\.hpp", {"boost.system", "caf", "spdlog"}),
    (rf"plugins/{SERVER}\.[ch]pp", rf"{VALUES}|{base('threads')}|plugins/{SERVER}\.hpp",
     {"boost.system", "asio", "beast", "url", "posix"}),
    (r"plugins/(loader|shared_object|in_plugin)\.[ch]pp", rf"{CONTRACT}|{FRONT_DOORS}|actors/telemetry/telemetry\.hpp|plugins/(shared_object|in_plugin)\.hpp",
     {"boost.system", "caf", "spdlog", "dl", "posix"}),
    (r"testing/.*", rf"{CONTRACT}|testing/[a-z_]+\.hpp|emulator/(emulator|seed|control/people|crypto/jwt|routes/routes)\.hpp",
     {"boost.system", "json"}),
    (r"plugins/local/local_client\.cpp", rf"{CONTRACT}|{base('threads')}", {"boost.system", "caf", "asio", "beast", "url"}),
    (r"plugins/commands/.*", CONTRACT, {"boost.system", "caf", "spdlog", "yaml"}),
    (r"plugins/metrics/.*", CONTRACT, {"boost.system", "caf", "spdlog", "prometheus"}),
    (r"plugins/relay/.*", CONTRACT, {"boost.system", "caf", "spdlog", "simdjson", "openssl"}),
    (r"plugins/.*|examples/.*", CONTRACT, {"boost.system", "caf", "spdlog", "gtest"}),
    (r"bot/hearing/commands/(words|pattern|arguments|command_set)\.[ch]pp", rf"{CONTRACT}|base/values/nearest\.hpp|bot/hearing/commands/[a-z_]+\.hpp",
     {"boost.system"}),
    (r"bot/hearing/timers/schedule\.[ch]pp", rf"{CONTRACT}|bot/hearing/(commands|timers)/[a-z_]+\.hpp", {"boost.system", "date"}),
    (r"bot/hearing/dialogues/(step_log|dialogue_record)\.[ch]pp", rf"{CONTRACT}|bot/hearing/dialogues/[a-z_]+\.hpp",
     {"boost.system"}),
    (r"bot/.*", rf"{CONTRACT}|{FRONT_DOORS}",
     {"boost.system", "caf", "spdlog", "cli11", "dl", "openssl", "asio", "simdjson", "fmt", "posix"}),
    (r"emulator/crypto/.*", r"emulator/(crypto/[a-z]+|files|text)\.hpp", {"simdjson", "openssl"}),
    (r"emulator/state/people/.*", r"emulator/state/(values|people/[a-z_]+)\.hpp", set()),
    (r"emulator/state/streams/.*", r"emulator/(state/(values|mint|(people|streams)/[a-z_]+)|text)\.hpp", set()),
    (r"emulator/state/agent/.*", r"emulator/(state/(values|mint|(people|streams|agent)/[a-z_]+)|text)\.hpp|tutti/messageml\.hpp|"
     r"wire/messageml/messageml\.hpp", {"json"}),
    (r"emulator/state/login/.*", r"emulator/(state/(values|mint|(people|login)/[a-z_]+)|crypto/[a-z]+|text)\.hpp", {"json"}),
    (r"emulator/state/.*", r"emulator/(state/[a-z_/]+|text)\.hpp", set()),
    (r"emulator/routes/.*", r"emulator/(state/[a-z_/]+|routes/[a-z_/]+|crypto/jwt|text)\.hpp",
     {"boost.system", "beast", "url", "simdjson", "json"}),
    (r"emulator/.*", r"emulator/[a-z_/]+\.hpp",
     {"boost.system", "asio", "beast", "url", "simdjson", "json", "openssl", "yaml", "sqlite", "zlib",
      "cli11", "posix"}),
    (r"(tests|bench|cmake)/.*", r".*", set(LIBRARIES)),
]

OWN = re.compile(r"(tutti|base|store|transport|wire|actors|config|plugins|bot|emulator|testing|tests|bench|examples)/")
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
    for folder in ("include", "base", "store", "transport", "wire", "actors", "config", "plugins", "bot", "emulator", "examples", "testing", "tests",
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
