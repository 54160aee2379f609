#!/usr/bin/env python3
"""What check_words.py finds, and what it leaves alone."""
import pathlib
import unittest

import check_words


class check_words_test(unittest.TestCase):
    def found(self, name, text):
        return [(line, word) for line, word, _ in check_words.finds(pathlib.Path(name), text)]

    def test_every_idiom_has_words_to_write_instead(self):
        samples = ["Nobody waits.", "It is lent.", "Made anew.", "It tells.", "Mend it.", "How it fares.", "It stands here.",
                   "For so long.", "The words of it.", "The door for those.", "It did not do."]
        self.assertEqual(len(samples), len(check_words.IDIOMS))
        for sample, (_, better) in zip(samples, check_words.IDIOMS):
            (line, _, said), = check_words.finds(pathlib.Path("x.md"), sample)
            self.assertEqual((line, said), (1, better), sample)

    def test_comments_are_read_and_strings_are_not(self):
        self.assertEqual(self.found("x.cpp", 'auto x = "nobody // told"; // nobody\nint nobody;\n'), [(1, "nobody")])
        self.assertEqual(self.found("x.py", '"""Told."""\nx = "nobody"\n# anew\n'), [(1, "Told"), (3, "anew")])
        self.assertEqual(self.found("x.sh", "echo nobody\n  # anew\n"), [(2, "anew")])

    def test_names_quotations_and_blocks_are_left_alone(self):
        self.assertEqual(self.found("x.md", "`nobody` says \"told\", see https://x/anew\n```\nnobody\n```\n"), [])
        self.assertEqual(self.found("x.md", "CAF stands for a framework; understands, mended-by\n"), [(1, "mended")])

    def test_the_list_is_in_the_guide(self):
        guide = (pathlib.Path(__file__).parent.parent / "CONTRIBUTING.md").read_text()
        for word in ("whoever", "lender", "anew", "tells", "mend", "spared", "stands", "so often", "the words of", "did not do"):
            self.assertIn(word, guide)


if __name__ == "__main__":
    unittest.main(argv=["check_words_test"])
