#!/usr/bin/env python3
"""Plugins that do what they must not: they are named, and the bot goes on or ends in an orderly way.

usage: plugin_misuse_test.py TUTTI TUTTI_POD SOURCE_DIR PLUGIN_DIR
"""
import os
import pathlib
import sys
import unittest

TUTTI, POD, SOURCE, PLUGINS = (os.path.abspath(each) for each in sys.argv[1:5])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
from bot_case import bot_case  # noqa: E402


class plugin_misuse_test(bot_case):
    def start_with(self, name="tutti-test-plugin", **settings):
        """`tutti run` with the plugin before relay and metrics."""
        usual = self.settings()["plugins"]
        return self.start(plugins=[{"path": f"{PLUGINS}/{name}.so", **settings}, *usual])

    def assert_ends(self, running, *statuses):
        """With one of these, within ten seconds."""
        self.assertIn(running.process.wait(10), statuses, running.text())

    def assert_goes_on(self, running, words):
        self.assertEqual(running.until_ready(), "READY=1")
        self.assertEqual(self.health()[0], 200)
        running.until_says(words)
        self.assert_stops(running, self.grace + 2)

    def test_one_that_throws_in_actor_is_named_and_the_bot_goes_on(self):
        self.assert_goes_on(self.start_with(throw="handle"), "told to throw in actor()")

    def test_one_that_calls_exit_is_named(self):
        running = self.start_with(does="exit")
        self.assert_ends(running, 70)
        self.assertRegex(running.text(), r"plugin \S*test\S*: it called exit\(\) in start")

    def test_one_that_stops_the_bot_in_its_start_is_named(self):
        running = self.start_with(does="bot_stop")
        self.assert_ends(running, 70)
        self.assertRegex(running.text(), r"plugin test did not start: it stopped the bot")

    def test_a_stop_from_another_thread_during_its_start_is_not_blamed_on_it(self):
        running = self.start_with(does="other_stop")
        self.assert_ends(running, 1)
        self.assertRegex(running.text(), r"stop_deferred ")
        self.assertRegex(running.text(), r"stop\(\) was called while the bot started")
        self.assertNotIn("did not start", running.text())
        self.assertRegex(running.text(), r"test stopped\b", "it had started, so it is stopped")

    def test_one_that_blocks_in_stop_is_left_behind_within_the_grace(self):
        running = self.start_with(does="block")
        self.assertEqual(running.until_ready(), "READY=1")
        self.assert_stops(running, self.grace + 1.5)
        self.assertRegex(running.text(), r"plugin_blocks .*plugin=test")
        self.assertRegex(running.text(), r"stop_incomplete .*plugin test")

    def test_one_whose_static_initialiser_throws_is_named(self):
        running = self.start_with("tutti-test-plugin-early")
        self.assert_ends(running, 70, 78)
        self.assertIn("tutti-test-plugin-early", running.text())
        self.assertRegex(running.text(), "static initialiser|threw where nothing can be caught")


if __name__ == "__main__":
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
