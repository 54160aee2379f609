#!/usr/bin/env python3
"""The official kits' echo bots on tutti-pod: each hears and answers every message.

usage: peers.py BUILD [--messages N]. What cannot be installed is named and left out. Exits 1 when a kit
that is there does not answer each message.
"""
import argparse
import pathlib
import sys
import tempfile
import time

import echo
import kits


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--messages", type=int, default=1_000)
    given = parser.parse_args()
    built = pathlib.Path(given.build, "bin").resolve()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        bots = [("Tutti", lambda talk: talk.tutti(built / "tutti-echo-bot", False))]
        bots += [(kit.name, lambda talk, kit=kit: talk.kit(kit.echo))
                 for kit in kits.install(pathlib.Path(given.build, "bench").resolve())]
        for name, start in bots:
            good = run(name, start, built / "tutti-pod", pathlib.Path(folder, name), given.messages) and good
    return 0 if good else 1


def run(name, start, emulator, folder, messages):
    talk = echo.Talk(emulator, folder)
    try:
        bot = start(talk)
        began = time.monotonic()
        talk.say(messages)
        all_there = talk.wait_for_answers()
        took = time.monotonic() - began
        echo.end(bot)
        answered, answers = talk.distinct_answers()
        print(f"{name}: {answered} of {messages} messages answered, {answers - answered} answers twice, "
              f"{took:.1f} s", flush=True)
        return all_there and answered == messages
    finally:
        talk.stop()


sys.exit(main())
