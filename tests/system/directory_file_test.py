#!/usr/bin/env python3
"""The file of known IMs (im.directory.path) is read and written whatever happens to it meanwhile.

usage: directory_file_test.py TUTTI TUTTI_POD SOURCE_DIR [PLUGIN_DIR]
"""
import contextlib
import os
import pathlib
import re
import sqlite3
import struct
import sys
import time
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
from bot_case import bot_case  # noqa: E402
from service import until  # noqa: E402

# A file in trouble is tried again every 5 s.
TRIED_AGAIN = 15


def millis(seconds):
    return int(seconds * 1000)


class directory_file_test(bot_case):
    def setUp(self):
        super().setUp()
        self.place = f"{self.folder}/state"
        os.mkdir(self.place)
        self.path = f"{self.place}/known.db"

    # -- the bot and its file ----------------------------------------------------------

    def start_with_file(self, path=None, **directory):
        running = self.start(im={"directory": {"path": path or self.path, **directory}})
        self.assertEqual(running.until_ready(), "READY=1")
        return running

    def learn(self, *users, path=None):
        """Fills the file with IMs by a bot of an earlier run."""
        running = self.start_with_file(path)
        for each in users:
            self.assertEqual(self.open(each)[0], 200)
        until(lambda: set(users) <= set(self.rows(path)))
        self.assert_stops(running, self.grace + 2)

    @contextlib.contextmanager
    def opened(self, path=None):
        """The file as SQLite reads and writes it; never made."""
        file = sqlite3.connect(f"file:{path or self.path}?mode=rw", uri=True, timeout=5,
                               isolation_level=None)
        with contextlib.closing(file):
            yield file

    def rows(self, path=None):
        """{user: when it expires, in milliseconds}; empty while the file cannot be read."""
        names = {number: name for name, number in self.ids.items()}
        try:
            with self.opened(path) as file:
                found = file.execute("SELECT users, expires FROM ims").fetchall()
        except sqlite3.Error:
            return {}
        return {names[number]: expires for users, expires in found
                for (number,) in struct.iter_unpack("=q", users) if names[number] != "demo-bot"}

    def until_known_without_the_pod(self, *users):
        before = self.creates()
        for each in users:
            until(lambda: self.known(each), TRIED_AGAIN)
        self.assertEqual(self.creates(), before)

    # -- at the start ------------------------------------------------------------------

    def test_a_folder_that_is_made_later_gets_the_file_and_a_restart_reads_it(self):
        os.rmdir(self.place)
        running = self.start_with_file()
        running.until_says("directory_not_kept")
        self.assertEqual(self.open("ada")[0], 200)
        os.mkdir(self.place)
        until(lambda: "ada" in self.rows(), TRIED_AGAIN)
        self.assert_stops(running, self.grace + 2)
        running = self.start_with_file()
        self.until_known_without_the_pod("ada")
        self.assert_stops(running, self.grace + 2)

    def test_a_folder_that_comes_later_is_read_and_keeps_what_it_had(self):
        self.learn("ada")
        os.rename(self.place, f"{self.place}-elsewhere")
        running = self.start_with_file()
        running.until_says("directory_not_kept")
        self.assertEqual(self.open("ben")[0], 200)
        os.rename(f"{self.place}-elsewhere", self.place)
        self.until_known_without_the_pod("ada", "ben")
        until(lambda: set(self.rows()) == {"ada", "ben"}, TRIED_AGAIN)
        self.assert_stops(running, self.grace + 2)

    def test_a_file_that_is_locked_at_the_start_is_read_when_it_is_free(self):
        self.learn("ada")
        with self.opened() as file:
            # In this mode other processes can neither write nor read it.
            file.execute("PRAGMA locking_mode = EXCLUSIVE")
            file.execute("BEGIN EXCLUSIVE")
            running = self.start_with_file()
            self.until_logged_in()
            running.until_says("directory_not_kept")
            self.assertFalse(self.known("ada"))
        self.until_known_without_the_pod("ada")
        self.assert_stops(running, self.grace + 2)

    # -- while it runs -------------------------------------------------------------------

    def test_a_file_that_is_deleted_or_moved_away_is_made_again_with_all_that_is_known(self):
        def delete(path):
            os.unlink(path)

        def delete_all(path):
            for each in (path, f"{path}-wal", f"{path}-shm"):
                pathlib.Path(each).unlink(missing_ok=True)

        def move(path):
            os.rename(path, f"{path}.old")

        def put_another(path):
            with contextlib.closing(sqlite3.connect(f"{path}.new")) as other:
                other.execute("PRAGMA journal_mode = WAL")
            delete_all(path)
            os.rename(f"{path}.new", path)

        for harm in (delete, delete_all, move, put_another):
            with self.subTest(harm=harm.__name__):
                path = f"{self.place}/{harm.__name__}.db"
                running = self.start_with_file(path)
                self.assertEqual(self.open("ada")[0], 200)
                until(lambda: "ada" in self.rows(path))
                harm(path)
                self.assertEqual(self.open("ben")[0], 200)
                until(lambda: set(self.rows(path)) == {"ada", "ben"}, TRIED_AGAIN)
                self.assertRegex(running.text(), " directory .*(deleted|replaced)")
                self.assert_stops(running, self.grace + 2)
                self.assertEqual(set(self.rows(path)), {"ada", "ben"})
                with self.opened(path) as file:
                    self.assertEqual(file.execute("PRAGMA integrity_check").fetchone(), ("ok",))

    def test_a_file_that_is_left_alone_is_never_called_deleted(self):
        running = self.start_with_file()
        for each in ("ada", "ben"):
            self.assertEqual(self.open(each)[0], 200)
            until(lambda: each in self.rows())
        self.assert_stops(running, self.grace + 2)
        self.assertFalse(re.search("deleted|replaced", running.text()), running.text())

    # -- rows of a clock that was ahead -----------------------------------------------------

    def learn_for_ten_years(self, user):
        self.learn(user)
        with self.opened() as file:
            file.execute("UPDATE ims SET expires = ?", (millis(time.time() + 10 * 365 * 86_400),))

    def test_no_row_is_kept_for_longer_than_the_ttl(self):
        self.learn_for_ten_years("ada")
        running = self.start_with_file(ttl="1h")
        running.until_says("directory_read")
        self.assert_stops(running, self.grace + 2)
        latest = millis(time.time() + 3600)
        self.assertEqual({user: expires - latest for user, expires in self.rows().items()
                          if expires > latest}, {})

    def test_no_row_is_believed_for_longer_than_the_ttl(self):
        self.learn_for_ten_years("ada")
        running = self.start_with_file(ttl="1s")
        self.until_logged_in()
        running.until_says("directory_read")
        until(lambda: not self.known("ada"), 5)
        self.assertEqual(self.open("ada")[1]["origin"], "pod")
        self.assert_stops(running, self.grace + 2)


if __name__ == "__main__":
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
