#!/usr/bin/env python3
"""Which changes of a source count as changes of its code."""
import os
import pathlib
import subprocess
import tempfile
import unittest

import changed_sources


class changed_sources_test(unittest.TestCase):
    def changed(self, before, after):
        """Of files that hold this, and then that."""
        with tempfile.TemporaryDirectory() as folder:
            def git(*arguments):
                subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments], cwd=folder, check=True,
                               capture_output=True)

            def commit(files):
                for old in pathlib.Path(folder).glob("*.cpp"):
                    old.unlink()
                for name, text in files.items():
                    pathlib.Path(folder, name).write_text(text)
                git("add", "-A")
                git("commit", "-q", "-m", "x")

            git("init", "-q")
            commit(before)
            commit(after)
            here = os.getcwd()
            os.chdir(folder)
            try:
                return list(changed_sources.changed_sources("HEAD~1", "*.cpp"))
            finally:
                os.chdir(here)

    code = "#include <a.hpp>\n// One.\nint one() {\n  return 1; // \"1\"\n}\nint two() { return 2; }\n"

    def test_code_that_changes_counts(self):
        self.assertEqual(self.changed({"a.cpp": self.code}, {"a.cpp": self.code.replace("1;", "3;")}), ["a.cpp"])

    def test_a_new_file_counts_and_one_that_is_gone_does_not(self):
        self.assertEqual(self.changed({"a.cpp": "int a;\n"}, {"b.cpp": "struct b { double x; };\n"}), ["b.cpp"])

    def test_comments_includes_and_line_breaks_do_not_count(self):
        other = self.code.replace("One.", "The first.").replace("<a.hpp>", "<room/a.hpp>").replace("{ return 2; }", "{\n  return 2;\n}")
        self.assertEqual(self.changed({"a.cpp": self.code}, {"a.cpp": other}), [])

    def test_a_file_that_moves_counts_with_its_code_only(self):
        self.assertEqual(self.changed({"a.cpp": self.code}, {"b.cpp": self.code.replace("One.", "The first.")}), [])
        self.assertEqual(self.changed({"a.cpp": self.code}, {"b.cpp": self.code.replace("2", "4")}), ["b.cpp"])

    def test_slashes_in_a_string_are_no_comment(self):
        for before, after in (('auto x = "http://a";', 'auto x = "http://b";'), ('auto x = "a b";', 'auto x = "ab";'),
                              ("f('\"').f(\"http://\").f(one);", "f('\"').f(\"http://\").f(two);"),
                              ('auto x = R"(// a)";', 'auto x = R"(// b)";'), ("int x; // NOLINT", "int x;")):
            self.assertEqual(self.changed({"a.cpp": before + "\n"}, {"a.cpp": after + "\n"}), ["a.cpp"], before)


if __name__ == "__main__":
    unittest.main(argv=["changed_sources_test"])
