#!/usr/bin/env python3
"""Plants one forbidden and one allowed include per row of check_includes.py and looks who is caught."""
import pathlib
import sys
import tempfile
import unittest

import check_includes

# file, an include it may not have, an include it may have; one line per row of RULES, in its order
PLANTS = [
    ("include/tutti/protocol/x.hpp", "<tutti/bot.hpp>", "<caf/typed_actor.hpp>"),
    ("include/tutti/testing/x.hpp", "<emulator/pod.hpp>", "<caf/actor.hpp>"),
    ("include/tutti/bot.hpp", "<actors/spawn.hpp>", "<tutti/core.hpp>"),
    ("include/tutti/x.hpp", "<caf/error.hpp>", "<boost/system/result.hpp>"),
    ("actors/crypto/x.cpp", "<actors/wire/jwt.hpp>", "<openssl/evp.h>"),
    ("actors/wire/x.cpp", "<caf/error.hpp>", "<simdjson.h>"),
    ("actors/http/x.cpp", "<simdjson.h>", "<boost/beast/http.hpp>"),
    ("actors/loop/x.cpp", "<boost/beast/http.hpp>", "<boost/asio/post.hpp>"),
    ("actors/store/x.cpp", "<caf/error.hpp>", "<sqlite3.h>"),
    ("config/x.cpp", "<tutti/core.hpp>", "<yaml-cpp/yaml.h>"),
    ("actors/x.cpp", "<actors/http/pool.hpp>", "<actors/wire/endpoints.hpp>"),
    ("plugins/local_server.cpp", "<caf/actor.hpp>", "<boost/beast/http.hpp>"),
    ("plugins/loader.cpp", "<actors/im.hpp>", "<dlfcn.h>"),
    ("testing/x.cpp", "<emulator/server.hpp>", "<emulator/seed.hpp>"),
    ("plugins/metrics/x.cpp", "<simdjson.h>", "<prometheus/text_serializer.h>"),
    ("plugins/relay/x.cpp", "<boost/beast/http.hpp>", "<simdjson.h>"),
    ("plugins/x/x.cpp", "<actors/spawn.hpp>", "<plugins/x/x.hpp>"),
    ("bot/x.cpp", "<actors/directory.hpp>", "<actors/spawn.hpp>"),
    ("emulator/x.cpp", "<actors/wire/endpoints.hpp>", "<yaml-cpp/yaml.h>"),
    ("tests/x.cpp", "<unknown/library.hpp>", "<gtest/gtest.h>"),
]


class check_includes_test(unittest.TestCase):
    def verdict(self, file, include):
        with tempfile.TemporaryDirectory() as root:
            path = pathlib.Path(root, file)
            path.parent.mkdir(parents=True)
            path.write_text(f"#pragma once\n\n#include {include}\n")
            return check_includes.check(root)

    def test_every_row_has_a_plant(self):
        for (file, _, _), (files, _, _) in zip(PLANTS, check_includes.RULES, strict=True):
            own, libraries = check_includes.rule_for(file)
            row = next(r for r in check_includes.RULES if r[0] == files)
            self.assertEqual((own, libraries), row[1:], file)

    def test_a_forbidden_include_is_caught_with_its_place(self):
        for file, forbidden, _ in PLANTS:
            found = self.verdict(file, forbidden)
            self.assertEqual(len(found), 1, f"{file} {forbidden}")
            self.assertTrue(found[0].startswith(f"{file}:3: "), found[0])

    def test_an_allowed_include_is_let_through(self):
        for file, _, allowed in PLANTS:
            self.assertEqual(self.verdict(file, allowed), [], f"{file} {allowed}")

    def test_a_folder_without_a_rule_is_noticed(self):
        self.assertIsNone(check_includes.rule_for("surprise/x.cpp"))

    def test_quotes_and_short_names_are_noticed(self):
        self.assertEqual(len(self.verdict("actors/x.cpp", '"im.hpp"')), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
