"""The official kits, installed into the build folder, at 64 on the wire.

Each is a program of bench/kits that takes PORT KEY REQUESTS IN_FLIGHT, then `cold` or an authority
for TLS, and another one that takes MESSAGE DATA RUNS; both print their figures as JSON.
"""
import pathlib
import subprocess
import sys

import clients

PYTHON_KITS = ("2.11.0", "newest")
JAVA_KIT = "2.12.0"
HERE = pathlib.Path(__file__).parent / "kits"
IN_FLIGHT = 64
# 1,000 logins and 1,000 creates take the Python kit tens of seconds.
COLD_ASKERS = 1_000


class Kit:
    def __init__(self, name, command, requests, reader, messages, echo):
        self.name, self.command, self.requests = name, command, requests
        self.reader, self.messages = reader, messages
        self.echo = echo

    def __call__(self, port, key, *, authority=None):
        return self._run(port, key, self.requests, IN_FLIGHT, *([authority] if authority else []))

    def cold(self, port, key):
        return self._run(port, key, COLD_ASKERS, COLD_ASKERS, "cold")

    def read(self, message, data):
        return clients.run_json([*self.reader, message, data, self.messages], patience=300)

    def _run(self, *arguments):
        return clients.run_json([*self.command, *arguments], patience=300)


def install(folder):
    """All that can be had."""
    python = [kit for kit in (_python_kit(folder / f"python-kit-{version}", version)
                              for version in PYTHON_KITS) if kit]
    java = _java_kit(folder / f"java-kit-{JAVA_KIT}", JAVA_KIT)
    return [*python, *([java] if java else [])]


def _python_kit(home, version):
    """None when pip cannot get it."""
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        print(f"installing the Python kit {version} into {home}", flush=True)
        wanted = "symphony-bdk-python" + ("" if version == "newest" else f"=={version}")
        for command in ([sys.executable, "-m", "venv", home],
                        [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", wanted]):
            if subprocess.run(command).returncode != 0:
                print(f"  pip could not get it", flush=True)
                return None
        (home / "installed").touch()
    found = subprocess.run(
        [python, "-c", "import importlib.metadata as m; print(m.version('symphony-bdk-python'))"],
        check=True, capture_output=True, text=True).stdout.strip()
    return Kit(f"Python kit {found}", [python, HERE / "python_kit.py"], 3_000,
               [python, HERE / "python_messages.py"], 1_000, [python, HERE / "python_echo.py"])


def _java_kit(home, version):
    """None when Maven cannot get it."""
    sources = max(each.stat().st_mtime for each in (HERE / "java_kit").rglob("*") if each.is_file())
    if not (home / "installed").exists() or (home / "installed").stat().st_mtime < sources:
        print(f"building with the Java kit {version} in {home}", flush=True)
        home.mkdir(parents=True, exist_ok=True)
        built = subprocess.run(
            ["mvn", "-B", "-q", "-f", HERE / "java_kit" / "pom.xml", f"-Dkit.version={version}",
             f"-Dkit.folder={home}", "package",
             "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={home}/lib"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        (home / "maven.log").write_text(built.stdout + built.stderr)
        if built.returncode != 0:
            print(f"  Maven could not get it (its words: {home / 'maven.log'})", flush=True)
            return None
        (home / "installed").touch()
    java = ["java", "-cp", f"{home}/java-kit-1.jar:{home}/lib/*"]
    return Kit(f"Java kit {version}", [*java, "JavaKit"], 10_000, [*java, "JavaMessages"], 5_000, [*java, "JavaEcho"])
