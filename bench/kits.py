"""The official kits, installed into the build folder, at 64 on the wire."""
import pathlib
import subprocess
import sys

import clients

PYTHON_KITS = ("2.11.0", "newest")
SCRIPT = pathlib.Path(__file__).parent / "kits" / "python_kit.py"
IN_FLIGHT = 64
REQUESTS = 3_000
# 1,000 logins and 1,000 creates take it tens of seconds.
COLD_ASKERS = 1_000


def install_python_kit(folder, version):
    """Its interpreter; made once for each version."""
    home = folder / f"python-kit-{version}"
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        print(f"installing the Python kit {version} into {home}", flush=True)
        wanted = "symphony-bdk-python" + ("" if version == "newest" else f"=={version}")
        for command in ([sys.executable, "-m", "venv", home],
                        [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", wanted]):
            subprocess.run(command, check=True)
        (home / "installed").touch()
    return python


def version_of(python):
    return subprocess.run(
        [python, "-c", "import importlib.metadata as m; print(m.version('symphony-bdk-python'))"],
        check=True, capture_output=True, text=True).stdout.strip()


def run_python_kit(python, port, key, *, cold=False):
    count = COLD_ASKERS if cold else REQUESTS
    return clients.run_json([python, SCRIPT, port, key, count, count if cold else IN_FLIGHT,
                             *(["cold"] if cold else [])], patience=300)
