#!/usr/bin/env python3
"""What the pages show is true: code is compiled elsewhere letter by letter, YAML loads, shells run.

usage: pages_test.py BIN_DIR
"""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/support"))
from ports import free_port  # noqa: E402

BIN = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "examples/README.md")] + sorted(
    (ROOT / "docs").glob("*.md"))


def blocks(page, language):
    """Code blocks, without the indent of a list they may stand in."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", page.read_text(), re.S | re.M)
    return [re.sub(rf"(?m)^{indent}", "", text) for indent, text in found]


class pages_test(unittest.TestCase):
    def test_every_cpp_block_is_an_example(self):
        examples = {file.read_text() for file in (ROOT / "examples").rglob("*.cpp")}
        shown = [block for page in PAGES for block in blocks(page, "cpp")]
        self.assertTrue(shown)
        for block in shown:
            self.assertIn(block, examples)

    def test_every_cmake_block_is_built(self):
        built = "".join((ROOT / file).read_text() for file in
                        ("tests/install/CMakeLists.txt", "examples/5_plugin/CMakeLists.txt"))
        for page in PAGES:
            for block in blocks(page, "cmake"):
                for line in block.splitlines():
                    self.assertIn(line.replace("bot.cpp", "${BOT_SOURCE}"), built)

    def test_every_yaml_block_is_a_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                            "/CN=company", "-keyout", "/dev/null", "-out", "company-ca.p12"],
                           cwd=folder, check=True, capture_output=True)
            # The keys and the store that the pages name.
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
                            "/CN=my-bot", "-keyout", "my-bot.pem", "-out", "my-bot.crt"],
                           cwd=folder, check=True, capture_output=True)
            subprocess.run(["openssl", "pkcs12", "-export", "-inkey", "my-bot.pem", "-in",
                            "my-bot.crt", "-out", "my-bot.p12", "-passout", "pass:changeit"],
                           cwd=folder, check=True, capture_output=True)
            shutil.copy(f"{folder}/my-bot.pem", f"{folder}/my-app.pem")
            pathlib.Path(folder, "relay.token").write_text("0123456789abcdef0123456789abcdef\n")
            for name in ("commands.yaml", "rules.xml"):
                shutil.copy(ROOT / "examples" / "17_without_code" / name, folder)
            for page in PAGES:
                for block in blocks(page, "yaml"):
                    pathlib.Path(folder, "bot.yaml").write_text(
                        block.replace("/run/secrets/", f"{folder}/"))
                    shown = subprocess.run([f"{BIN}/tutti", "config", "check", "bot.yaml"],
                                           cwd=folder, capture_output=True, text=True)
                    self.assertEqual(shown.returncode, 0, f"{page.name}: {shown.stderr}\n{block}")

    def test_every_sh_block_runs(self):
        for page in PAGES:
            script = "".join(blocks(page, "sh"))
            commands = re.findall(r"(?m)^\./dev (\w+)", script)
            usage = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True).stdout
            for command in commands: # CI runs these as its stages.
                self.assertRegex(usage, rf"(?m)^  {command} ")
            # The pages name a port; here any will do.
            script = re.sub(r"(?m)^\./dev .*\n", "", script)
            for port in ("8765", "9464", "8181"):
                script = script.replace(port, str(free_port()))
            if not script:
                continue
            with tempfile.TemporaryDirectory() as folder, open(f"{folder}/out", "w+") as out:
                running = subprocess.Popen(["bash", "-euo", "pipefail", "-c", script], cwd=folder,
                                           env=dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}"),
                                           stdout=out, stderr=out, start_new_session=True)
                try:
                    status = running.wait(timeout=60)
                finally:
                    with contextlib.suppress(ProcessLookupError): # Nothing was left behind.
                        os.killpg(running.pid, signal.SIGKILL)
                out.seek(0)
                self.assertEqual(status, 0, f"{page.name}:\n{out.read()}")

    def test_no_block_goes_unchecked(self):
        for page in PAGES:
            for language in re.findall(r"(?m)^ *```(\w+)$", page.read_text()):
                # What a reader has now, in the official kits' own languages; what the elements' test checks.
                quoted = {"from-the-official-kits": {"java", "python"},
                          "messageml-elements": {"xml", "json"}}.get(page.stem, set())
                self.assertIn(language, {"cpp", "cmake", "yaml", "sh"} | quoted, page.name)

    def test_every_linked_file_is_there(self):
        for page in PAGES:
            prose = re.sub(r"(?ms)^ *```.*?^ *```|`[^`\n]*`", "", page.read_text())
            for link in re.findall(r"\]\((?!https?:)([^)#]+)", prose):
                self.assertTrue((page.parent / link).exists(), f"{page.name}: {link}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
