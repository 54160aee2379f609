#!/usr/bin/env python3
"""`tutti run` and `tutti im open` survive a log that is not read, and end in good order without
threads or memory.

usage: process_test.py TUTTI TUTTI_POD SOURCE_DIR [PLUGIN_DIR]
"""
import contextlib
import fcntl
import http.client
import json
import os
import pathlib
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
from bot_case import bot_case, sanitized  # noqa: E402
from service import TOKEN, ask, until  # noqa: E402


class log_reader_test(bot_case):
    def log_trouble(self):
        return [each["why"] for each in self.health()[1]["troubles"] if each["what"] == "log"]

    def fill_the_log(self):
        """A bot whose log is not read, after so many lines that it has to drop some."""
        reader, writer = os.pipe()
        self.stack.callback(os.close, reader)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)  # So that it is full early.
        running = self.start(stderr=writer, log={"level": "trace"})
        os.close(writer)
        self.assertEqual(running.until_ready(), "READY=1")
        self.until_logged_in()
        caller = http.client.HTTPConnection("127.0.0.1", self.relay, timeout=5)
        with contextlib.closing(caller):
            # Each answer is a line at least.
            for count in range(1, 40_000):
                try:
                    caller.request("GET", "/v1/im?users=1",
                                   headers={"Authorization": f"Bearer {TOKEN}"})
                    caller.getresponse().read()
                except TimeoutError:
                    self.fail(f"request {count} is not answered: the bot waits for its log")
                if count % 500 == 0 and self.log_trouble():
                    return running, reader
        self.fail("no trouble about the log after 40,000 lines that were not read")

    def test_a_bot_goes_on_when_the_reader_of_its_log_has_gone(self):
        for gone_at_start in (True, False):
            with self.subTest(gone_at_start=gone_at_start):
                reader, writer = os.pipe()
                if gone_at_start:
                    os.close(reader)
                running = self.start(stderr=writer)
                os.close(writer)
                self.assertEqual(running.until_ready(), "READY=1")
                if not gone_at_start:
                    os.close(reader)
                for user in ("ada", "ben", "nobody"):
                    with contextlib.suppress(OSError, http.client.HTTPException):
                        self.open(user)
                    self.assertIsNone(running.process.poll(), "it has ended")
                self.assertEqual(self.open("ada")[0], 200)
                self.assertEqual(self.health()[0], 200)
                self.assert_stops(running, self.grace + 2)

    def test_a_bot_serves_and_stops_while_its_log_is_not_read(self):
        running, reader = self.fill_the_log()
        self.assertRegex(self.log_trouble()[0], "dropped|lines")
        self.assertEqual(self.open("ada")[0], 200)
        self.assertIn(ask(self.metrics, "/ready", timeout=5)[0], (200, 503))
        self.assert_stops(running, self.grace + 2)

    def test_a_reader_that_comes_back_reads_how_many_lines_were_dropped(self):
        running, reader = self.fill_the_log()
        text, end = b"", time.monotonic() + 20
        while not re.search(rb"lines_dropped\b[^\n]*\d[^\n]*\n", text):
            self.assertTrue(select.select([reader], [], [], max(end - time.monotonic(), 0))[0],
                            f"no line lines_dropped with a count: ...{text[-500:]}")
            text += os.read(reader, 65_536)
        reading = threading.Thread(target=lambda: [*iter(lambda: os.read(reader, 65_536), b"")])
        reading.start()
        self.assert_stops(running, self.grace + 2)
        reading.join()


class few_resources_case(bot_case):
    def setUp(self):
        super().setUp()
        if sanitized(TUTTI):
            self.skipTest("a sanitizer has its own malloc and threads")

    def shim(self, name):
        """Environment that preloads the C file."""
        if not shutil.which("cc"):
            self.skipTest("needs a C compiler")
        made = f"{self.folder}/{name}.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made,
                        f"{SOURCE}/tests/system/{name}.c", "-ldl"], check=True)
        return {"LD_PRELOAD": made}

    def life_of(self, running):
        """The exit status of a bot that may be unable to start, which is 0 after a stop."""
        running.manager.settimeout(0.05)
        end = time.monotonic() + 10
        while running.process.poll() is None:
            if time.monotonic() > end:
                return "hangs at its start"
            with contextlib.suppress(TimeoutError):
                running.manager.recv(100)
                break
        else:
            return running.process.returncode
        # It says that it is ready: a request is answered, whatever the answer.
        try:
            self.open("ada")
        except (OSError, http.client.HTTPException) as error:
            # It may be about to end.
            with contextlib.suppress(subprocess.TimeoutExpired):
                return running.process.wait(timeout=2)
            return f"is ready and does not answer: {error}"
        try:
            return running.end(timeout=self.grace + 2)
        except subprocess.TimeoutExpired:
            return "does not stop"

    def assert_ends_well(self, status, text, statuses, *words):
        """It has worked, or it has said why not in one of the words."""
        self.assertIn(status, (0, *statuses), text[-2000:])
        if status != 0:
            self.assertRegex(text.lower(), "|".join(words))


class few_threads_test(few_resources_case):
    # From none at all to more than it needs.
    MOST = range(0, 20)

    def test_a_bot_without_enough_threads_says_so(self):
        shim = self.shim("few_threads")
        for most in self.MOST:
            running = self.start({**shim, "TUTTI_MOST_THREADS": str(most)})
            status = self.life_of(running)
            with self.subTest(most_threads=most):
                self.assert_ends_well(status, running.text(), (70, 78), "thread")
        self.assertEqual(status, 0, "these threads should be enough")

    def test_an_im_without_enough_threads_says_so(self):
        shim = self.shim("few_threads")
        config = self.write()
        for most in self.MOST:
            with self.subTest(most_threads=most):
                ended = self.im_open("ada", within=10, config=config,
                                     environment={**shim, "TUTTI_MOST_THREADS": str(most)})
                self.assert_ends_well(ended.returncode, ended.stderr, (1, 2, 3, 70, 78), "thread")
        self.assertEqual(ended.returncode, 0, "these threads should be enough")


class little_memory_test(few_resources_case):
    def test_a_bot_that_cannot_start_for_lack_of_memory_says_so(self):
        for megabytes in (60, 80, 100, 150, 200, 300):
            bytes_ = megabytes * 1024 * 1024
            running = self.start(
                before=lambda: resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_)))
            status = self.life_of(running)
            with self.subTest(megabytes=megabytes):
                if status != 127:  # The loader has failed, before the program began.
                    # A thread cannot be started without memory for its stack. glibc aborts by
                    # itself when it has none for what a thread destroys at its end.
                    self.assert_ends_well(status, running.text(), (70, -signal.SIGABRT), "memory",
                                          "thread")

    def test_a_bot_that_runs_out_of_memory_survives_or_says_so(self):
        shim = self.shim("no_memory")
        for above in (64, 256, 1024):
            with self.subTest(bytes_that_are_refused=above):
                switch = pathlib.Path(self.folder, f"no-memory-{above}")
                running = self.start({**shim, "TUTTI_NO_MEMORY_FILE": str(switch),
                                      "TUTTI_NO_MEMORY_ABOVE": str(above)})
                self.assertEqual(running.until_ready(), "READY=1")
                self.until_logged_in()
                switch.touch()
                with contextlib.suppress(OSError, http.client.HTTPException):
                    self.open("ada", timeout=3)
                switch.unlink()
                status = until(lambda: running.process.poll() or self.serves("ben"), 15)
                if status == "serves":
                    self.assert_stops(running, self.grace + 2)
                else:
                    self.assertEqual(status, 70, running.text()[-2000:])
                    self.assertIn("memory", running.text())

    def serves(self, user):
        with contextlib.suppress(OSError, http.client.HTTPException):
            if self.open(user, timeout=5)[0] == 200 and self.health()[0] == 200:
                return "serves"


class long_line_test(bot_case):
    MEGABYTES = 300

    def test_a_line_of_300_mb_is_refused_in_little_memory_and_the_next_one_is_served(self):
        for begin, more in ((b"", b"["), (b'["', b"a")):
            with self.subTest(begins=(begin + more).decode()):
                errors = pathlib.Path(self.folder, "errors")
                with errors.open("w") as log:
                    opening = subprocess.Popen(
                        [TUTTI, "im", "open", "--config", self.write(), "--json-lines"],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
                self.stack.callback(opening.stdout.close)
                self.stack.callback(opening.wait)
                self.stack.callback(opening.kill)
                writing = threading.Thread(target=self.write_lines, args=(opening, begin, more))
                writing.start()
                self.stack.callback(writing.join)
                served = select.select([opening.stdout], [], [], 10)[0]
                memory = self.most_memory(opening)
                if not served:
                    opening.kill()
                self.assertTrue(served, f"the good line is not served within 10 s; VmHWM {memory} "
                                        f"kB; {errors.read_text()[:500]}")
                self.assertIn(b"streamId", opening.stdout.readline())
                if not sanitized(TUTTI):  # A sanitizer keeps what is freed for a while.
                    self.assertLess(memory, 100 * 1024, "VmHWM in kB")
                writing.join()
                opening.stdin.close()
                self.assertEqual(opening.wait(10), 64)
                line = json.loads(errors.read_text().splitlines()[0])
                self.assertRegex(line["detail"], r"standard input:1\b.*\d\s*([kKM]i?B|bytes|char)")

    def write_lines(self, opening, begin, more):
        """The long line and a good one."""
        with contextlib.suppress(BrokenPipeError):
            opening.stdin.write(begin)
            for _ in range(self.MEGABYTES):
                opening.stdin.write(more * 1024 * 1024)
            opening.stdin.write(b'\n["ada"]\n')
            opening.stdin.flush()

    def most_memory(self, process):
        text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", text)[1])


if __name__ == "__main__":
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
