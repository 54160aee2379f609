#!/usr/bin/env python3
"""The code in README.md is the example that CI compiles and runs, letter by letter."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent


class readme_test(unittest.TestCase):
    def test_every_cpp_block_is_an_example(self):
        blocks = re.findall(r"```cpp\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
        examples = {file.read_text() for file in (ROOT / "examples").glob("*.cpp")}
        self.assertTrue(blocks)
        for block in blocks:
            self.assertIn(block, examples)

    def test_every_linked_file_is_there(self):
        for name in ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "examples/README.md"):
            page = ROOT / name
            for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
                self.assertTrue((page.parent / link).exists(), f"{name}: {link}")


if __name__ == "__main__":
    unittest.main()
