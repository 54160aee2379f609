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
    ("include/tutti/testing/x.hpp", "<emulator/emulator.hpp>", "<caf/actor.hpp>"),
    ("include/tutti/bot.hpp", "<actors/spawn.hpp>", "<tutti/core.hpp>"),
    ("include/tutti/described.hpp", "<tutti/chat.hpp>", "<boost/describe.hpp>"),
    ("include/tutti/x.hpp", "<caf/error.hpp>", "<boost/system/result.hpp>"),
    ("base/values/caf_error.cpp", "<tutti/bot.hpp>", "<caf/sec.hpp>"),
    ("base/values/regular_expression.cpp", "<tutti/ids.hpp>", "<re2/re2.h>"),
    ("base/values/json_value.cpp", "<tutti/ids.hpp>", "<boost/json/parse.hpp>"),
    ("base/values/x.cpp", "<re2/re2.h>", "<tutti/ids.hpp>"),
    ("base/containers/x.hpp", "<tutti/ids.hpp>", "<base/containers/slab.hpp>"),
    ("base/threads/x.hpp", "<caf/actor.hpp>", "<boost/asio/post.hpp>"),
    ("base/crypto/x.cpp", "<wire/json.hpp>", "<openssl/evp.h>"),
    ("store/x.cpp", "<caf/error.hpp>", "<sqlite3.h>"),
    ("transport/x.cpp", "<simdjson.h>", "<boost/beast/http.hpp>"),
    ("wire/messageml/xml/x.cpp", "<wire/messageml/text/values.hpp>", "<expat.h>"),
    ("wire/messageml/text/x.cpp", "<wire/messageml/grammar/table.hpp>", "<boost/json/parse.hpp>"),
    ("wire/messageml/grammar/x.cpp", "<expat.h>", "<wire/messageml/xml/xml.hpp>"),
    ("wire/messageml/output/x.cpp", "<wire/messageml/grammar/build.hpp>", "<wire/messageml/grammar/tree.hpp>"),
    ("wire/messageml/builder/x.cpp", "<md4c.h>", "<wire/messageml/messageml.hpp>"),
    ("wire/messageml/markdown/x.cpp", "<wire/messageml/messageml.hpp>", "<md4c.h>"),
    ("wire/messageml/x.cpp", "<wire/endpoints.hpp>", "<boost/json/object.hpp>"),
    ("wire/agent/x.cpp", "<openssl/evp.h>", "<wire/json.hpp>"),
    ("wire/x.cpp", "<openssl/evp.h>", "<simdjson.h>"),
    ("config/x.cpp", "<tutti/core.hpp>", "<yaml-cpp/yaml.h>"),
    ("actors/loop/x.cpp", "<boost/beast/http.hpp>", "<boost/asio/post.hpp>"),
    ("actors/telemetry/x.cpp", "<caf/actor.hpp>", "<tutti/metrics.hpp>"),
    ("actors/hosts/x.cpp", "<caf/actor.hpp>", "<tutti/http_message.hpp>"),
    ("actors/directory/x.cpp", "<actors/im/im.hpp>", "<store/directory_file.hpp>"),
    ("actors/requests/x.hpp", "<actors/http/http.hpp>", "<wire/endpoints.hpp>"),
    ("actors/http/x.cpp", "<transport/pool.hpp>", "<transport/client.hpp>"),
    ("actors/auth/x.cpp", "<transport/client.hpp>", "<base/crypto/jwt.hpp>"),
    ("actors/users/x.cpp", "<actors/im/im.hpp>", "<actors/requests/batch.hpp>"),
    ("actors/connections/x.cpp", "<actors/users/users.hpp>", "<actors/requests/tick.hpp>"),
    ("actors/entitlement/x.cpp", "<actors/im/im.hpp>", "<wire/endpoints.hpp>"),
    ("actors/im/x.cpp", "<wire/json.hpp>", "<actors/directory/directory.hpp>"),
    ("actors/rooms/x.cpp", "<actors/im/im.hpp>", "<wire/endpoints.hpp>"),
    ("actors/streams/x.cpp", "<actors/rooms/rooms.hpp>", "<wire/endpoints.hpp>"),
    ("actors/messages/x.cpp", "<wire/agent/events.hpp>", "<wire/agent/messages.hpp>"),
    ("actors/journal/x.cpp", "<wire/endpoints.hpp>", "<tutti/store.hpp>"),
    ("actors/dispatch/x.cpp", "<wire/agent/datafeed.hpp>", "<wire/agent/events.hpp>"),
    ("actors/datafeed/x.cpp", "<actors/dispatch/dispatch.hpp>", "<wire/agent/datafeed.hpp>"),
    ("actors/apps/x.cpp", "<openssl/evp.h>", "<actors/auth/login_prover.hpp>"),
    ("actors/bridge/x.cpp", "<actors/im/im.hpp>", "<tutti/ask.hpp>"),
    ("actors/supervision/x.cpp", "<actors/auth/auth.hpp>", "<tutti/core.hpp>"),
    ("actors/x.cpp", "<transport/connection.hpp>", "<actors/im/im.hpp>"),
    ("plugins/local/local_server.cpp", "<caf/actor.hpp>", "<boost/beast/http.hpp>"),
    ("plugins/loader.cpp", "<actors/im/im.hpp>", "<dlfcn.h>"),
    ("testing/x.cpp", "<emulator/state/pod.hpp>", "<emulator/seed.hpp>"),
    ("plugins/local/local_client.cpp", "<actors/im/im.hpp>", "<boost/beast/http/read.hpp>"),
    ("plugins/commands/x.cpp", "<boost/beast/http.hpp>", "<yaml-cpp/yaml.h>"),
    ("plugins/metrics/x.cpp", "<simdjson.h>", "<prometheus/text_serializer.h>"),
    ("plugins/relay/x.cpp", "<boost/beast/http.hpp>", "<simdjson.h>"),
    ("plugins/x/x.cpp", "<actors/spawn.hpp>", "<plugins/x/x.hpp>"),
    ("bot/hearing/commands/words.cpp", "<caf/actor.hpp>", "<base/values/nearest.hpp>"),
    ("bot/hearing/timers/schedule.cpp", "<caf/actor.hpp>", "<date/tz.h>"),
    ("bot/hearing/dialogues/step_log.hpp", "<boost/asio/post.hpp>", "<tutti/dialogue.hpp>"),
    ("bot/x.cpp", "<actors/directory/directory.hpp>", "<actors/spawn.hpp>"),
    ("emulator/crypto/x.cpp", "<emulator/state/pod.hpp>", "<openssl/evp.h>"),
    ("emulator/state/people/x.cpp", "<emulator/state/login/apps.hpp>", "<emulator/state/values.hpp>"),
    ("emulator/state/streams/x.cpp", "<emulator/state/pod.hpp>", "<emulator/state/people/users.hpp>"),
    ("emulator/state/agent/x.cpp", "<emulator/state/login/apps.hpp>", "<wire/messageml/messageml.hpp>"),
    ("emulator/state/login/x.cpp", "<emulator/state/streams/rooms.hpp>", "<emulator/crypto/jwt.hpp>"),
    ("emulator/state/x.cpp", "<emulator/routes/routes.hpp>", "<emulator/state/login/apps.hpp>"),
    ("emulator/routes/x.cpp", "<emulator/server/faults.hpp>", "<emulator/state/pod.hpp>"),
    ("emulator/x.cpp", "<wire/endpoints.hpp>", "<yaml-cpp/yaml.h>"),
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
