// What people's files hold besides plain keys: merge keys, Spring's root, several errors at once.
#include <config/paths.hpp>
#include <tests/config/reading.hpp>
#include <tutti/config_file.hpp>
#include <tutti/settings.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

using namespace tutti;
using namespace tutti::testing;

// -- documents ---------------------------------------------------------------------------

// yaml-cpp reads an empty document there, for ever.
TEST(documents, a_mark_that_no_rule_reads_is_placed) {
  for (const auto* text : {",", ",a", ",#a\nb: 1", ",\nhost: a\n"})
    EXPECT_TRUE(complaint(text).starts_with("bot.yaml:1:1: this is not YAML")) << text;
  EXPECT_TRUE(complaint("host: a\n---\n,").starts_with("bot.yaml:3:1: "))
      << complaint("host: a\n---\n,");
}

TEST(documents, empty_ones_behind_the_first_do_no_harm) {
  EXPECT_EQ(read("host: a\n---\n---\n...\n").hosts[0].host, "a");
  EXPECT_EQ(read("---\nhost: a\n").hosts[0].host, "a");
}

// -- merge keys --------------------------------------------------------------------------

TEST(merge_keys, take_over_what_a_map_does_not_say_itself) {
  auto made = read("pod: &usual\n  host: a\n  port: 1\nagent:\n  <<: *usual\n  port: 2\n");
  EXPECT_EQ(made.host_of(service::agent).host, "a");
  EXPECT_EQ(made.host_of(service::agent).port, 2);
  EXPECT_EQ(made.host_of(service::pod).port, 1);
}

TEST(merge_keys, of_several_maps_the_first_counts) {
  auto made = read("pod: &one {host: a}\nkeyManager: &two {host: b, port: 2}\n"
                   "agent: {<<: [*one, *two]}\n");
  EXPECT_EQ(made.host_of(service::agent).host, "a");
  EXPECT_EQ(made.host_of(service::agent).port, 2);
}

TEST(merge_keys, reach_through_maps_that_merge_and_into_plugins_and_headers) {
  auto made =
      read("pod: &one {host: a}\nagent: &two {<<: *one, port: 2}\nkeyManager: {<<: *two}\n"
           "plugins:\n  - &echo {name: echo, reply: hi}\n  - {<<: *echo, reply: ho}\n"
           "defaultHeaders: &headers {X-A: a}\nsessionAuth: {defaultHeaders: {<<: *headers}}");
  EXPECT_EQ(made.host_of(service::key_manager).host, "a");
  EXPECT_EQ(made.host_of(service::key_manager).port, 2);
  ASSERT_EQ(made.plugins.size(), 2U);
  EXPECT_EQ(made.plugins[1].name, "echo");
  EXPECT_EQ(made.plugins[1].settings.at("reply").text(), "ho");
  EXPECT_EQ(made.host_of(service::session_auth).default_headers.at("X-A"), "a");
}

TEST(merge_keys, that_name_no_map_are_refused) {
  EXPECT_NE(complaint("pod: {<<: a}").find("bot.yaml:1:11: <<: a map is expected"),
            std::string::npos);
}

TEST(merge_keys, that_multiply_or_name_what_holds_them_end) {
  EXPECT_NE(complaint("pod: &a {<<: *a, host: x}").find("<<: too much"), std::string::npos);
  std::string wide = "x-0: &m0 {host: x}\n";
  for (int i = 1; i < 12; ++i) {
    auto before = "*m" + std::to_string(i - 1);
    std::string list = before;
    for (int j = 0; j < 9; ++j)
      list += ", " + before;
    wide += "x-" + std::to_string(i) + ": &m" + std::to_string(i) + " {<<: [" + list + "]}\n";
  }
  wide += "agent: {<<: *m11}\n";
  EXPECT_NE(complaint(wide).find("<<: too much"), std::string::npos);
}

TEST(merge_keys, hide_no_key_that_is_given_twice) {
  EXPECT_NE(
      complaint("pod: &one {host: a}\nagent: {<<: *one, port: 1, port: 2}\n").find("given twice"),
      std::string::npos);
}

// -- files of the kits -------------------------------------------------------------------

TEST(spring, its_root_is_read_and_what_stands_beside_is_spring_s) {
  auto made = read("spring: {main: {banner-mode: off}}\nbdk:\n  host: a\n  bot: {username: joe}\n");
  EXPECT_EQ(made.host_of(service::pod).host, "a");
  EXPECT_EQ(made.bot.username, "joe");
  EXPECT_EQ(made.without_effect, std::vector<std::string>{"spring"});
}

TEST(spring, its_root_beside_keys_of_ours_is_none) {
  EXPECT_NE(complaint("host: a\nbdk: {bot: {username: joe}}\n")
                .find("bot.yaml:1:1: host: a key of ours beside bdk"),
            std::string::npos);
  EXPECT_NE(complaint("bdk: {host: a}\nbdk: {host: b}\n").find("bot.yaml:2:1: bdk: given twice"),
            std::string::npos);
}

TEST(spring, the_way_it_writes_a_default_is_named) {
  EXPECT_EQ(complaint("host: ${NOPE:x}"),
            "bot.yaml:1:7: host: a default is written ${NOPE:-default}, with a '-'");
  EXPECT_EQ(complaint("bot: {privateKey: {password: '${PW:hunter2}'}}").find("hunter2"),
            std::string::npos);
}

TEST(kits, headers_that_every_request_carries_anyway_have_no_effect) {
  auto made = read("host: a\ndefaultHeaders: {Connection: Keep-Alive, X-Desk: fx}\n");
  EXPECT_EQ(made.host_of(service::pod).default_headers,
            (std::map<std::string, std::string>{{"X-Desk", "fx"}}));
  EXPECT_EQ(std::count(made.without_effect.begin(), made.without_effect.end(),
                       "defaultHeaders.Connection"),
            1);
  EXPECT_NE(complaint("defaultHeaders: {Connection: close}").find("each request carries its own"),
            std::string::npos);
}

TEST(kits, a_key_file_without_its_map_is_told_how_it_is_written) {
  EXPECT_EQ(complaint("bot: {privateKey: x.pem}"),
            "bot.yaml:1:19: bot.privateKey: a map is expected; a file is written as 'privateKey: "
            "{path: FILE}'");
  EXPECT_NE(complaint("ssl: {trustStore: x.pem}").find("'trustStore: {path: FILE}'"),
            std::string::npos);
}

// -- documents and errors ----------------------------------------------------------------

TEST(document, a_second_one_is_refused_with_its_place) {
  EXPECT_NE(complaint("host: a\n---\nhost: b\n").find("bot.yaml:3:1: another document"),
            std::string::npos);
  EXPECT_EQ(read("---\nhost: a\n---\n").host_of(service::pod).host, "a");
}

TEST(document, all_that_is_wrong_is_told_in_the_order_of_the_file) {
  EXPECT_EQ(complaint("hots: a\nport: 0\nbot: {usernam: joe}\nim: {timeout: long}\n"),
            "bot.yaml:1:1: hots: unknown key; did you mean host?\n"
            "bot.yaml:2:7: port: '0' is not a TCP port; write a number from 1 to 65535\n"
            "bot.yaml:3:7: bot.usernam: unknown key; did you mean bot.username?\n"
            "bot.yaml:4:15: im.timeout: 'long' is not a duration; write milliseconds, or a number "
            "with ms, s, m or h");
}

TEST(document, of_many_errors_ten_are_told) {
  std::string yaml;
  for (int i = 0; i < 13; ++i)
    yaml += "zzz" + std::to_string(i) + ": a\n";
  auto text = complaint(yaml);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_TRUE(text.ends_with("\nand 3 more")) << text;
}

TEST(document, plugins_and_headers_tell_all_of_theirs_too) {
  auto text =
      complaint("defaultHeaders: {'a b': x, Host: y}\nplugins: [{reply: x}, {name: a, name: b}]");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
}

TEST(document, a_password_stays_hidden_whatever_else_is_wrong_with_its_value) {
  for (const auto* host :
       {"joe:secret@a", "joe:secret@a:1", "http://joe:secret@a", "joe:secret@a/b"})
    EXPECT_EQ(complaint(std::string{"host: "} + host).find("secret"), std::string::npos) << host;
}

// -- values that end with a line break ---------------------------------------------------

TEST(line_break, at_the_end_of_a_value_is_noted_with_the_variable) {
  ::setenv("TUTTI_TEST_SECRET", "secret\n", 1);
  auto made = read("host: a\nproxy: {host: p, port: 1, password: '${TUTTI_TEST_SECRET:-x}'}\n"
                   "bot: {privateKey: {content: '${TUTTI_TEST_SECRET}'}}\n");
  ::unsetenv("TUTTI_TEST_SECRET");
  ASSERT_EQ(made.notes.size(), 1U);
  EXPECT_EQ(made.notes[0], "bot.yaml:2:37: proxy.password: the value ends with a line break, which "
                           "counts as a part of it; it comes from the environment variable "
                           "TUTTI_TEST_SECRET");
}

TEST(line_break, of_a_block_of_text_is_noted_too) {
  EXPECT_EQ(
      read("bot:\n  username: joe\n  privateKey:\n    password: |\n      secret\n").notes.size(),
      1U);
  EXPECT_TRUE(read("bot:\n  privateKey:\n    content: |\n      -----BEGIN\n").notes.empty());
}

// -- secrets where none belongs ----------------------------------------------------------

TEST(secret, where_a_path_or_a_host_belongs_is_never_shown) {
  const std::string token = "hunter2hunter2hunter2hunter2hunter2";
  for (const auto& yaml :
       {std::string{"bot: {privateKey: {path: \"-----BEGIN PRIVATE KEY-----\\nhunter2\"}}"},
        "bot: {privateKey: {path: " + token + "}}", "app: {certificatePath: " + token + "}",
        "ssl: {trustStore: {path: " + token + "}}", "ssl: {crl: " + token + "}",
        "plugins: [{path: " + token + "}]", std::string{"host: 'demo:hunter2'"},
        std::string{"proxy: {host: 'hunter2:hunter2'}"},
        std::string{"bot: {privateKey: {password: '${PW-hunter2}'}}"},
        std::string{"bot: {privateKey: {password: '${PW:-${X:-hunter2}}'}}"}}) {
    EXPECT_NE(complaint(yaml), "no complaint") << yaml;
    EXPECT_EQ(complaint(yaml).find("hunter2"), std::string::npos) << complaint(yaml);
  }
  std::string path;
  setting_list all;
  all.add_path("tokenPath", path, "a file");
  EXPECT_EQ(all.read({{"tokenPath", token}}, "relay").error().detail.find("hunter2"),
            std::string::npos);
}

TEST(secret, is_not_seen_in_what_is_a_path) {
  for (const auto* path :
       {"my-bot-private-key-of-the-desk-2026.pem", "/run/secrets/abcdefghijklmnopqrstuvwxyz",
        "~/keys/abcdefghijklmnopqrstuvwxyz", "keys/my-bot-private-key-of-the-desk"})
    EXPECT_EQ(complaint(std::string{"bot: {privateKey: {path: "} + path + "}}"), "no complaint")
        << path;
}

TEST(variables, have_names_and_plain_defaults) {
  for (const auto* value :
       {"${NOPE:-${HOME}}", "${NOPE-x}", "${NOPE }", "${ NOPE}", "${1}", "${NOPE:x:-y}"})
    EXPECT_NE(complaint(std::string{"host: '"} + value + "'"), "no complaint") << value;
  EXPECT_EQ(read("host: '${NOPE:-a}'").host_of(service::pod).host, "a");
}

TEST(kits, keys_of_the_spring_starter_load) {
  auto made = read("bdk:\n  host: a\n  bot: {username: joe, private-key: {path: k.pem}}\n"
                   "  datafeed: {enabled: false, event: {async: true}}\n"
                   "  datahose: {enabled: true}\n  app: {auth: {enabled: true}}\n"
                   "x-a: &a {b: c}\n");
  EXPECT_EQ(made.bot.private_key.path, "k.pem");
  EXPECT_EQ(made.without_effect.size(), 4U);
}

TEST(kits, a_header_given_twice_in_other_case_is_refused) {
  EXPECT_NE(complaint("defaultHeaders: {X-Desk: a, x-desk: b}").find("given twice"),
            std::string::npos);
}

TEST(document, each_setting_of_a_plugin_that_cannot_be_read_is_told) {
  auto text = complaint("log: {level: loud}\nplugins: [{name: a, b: '${NOPE1}', c: '${NOPE2}'}, "
                        "{name: d, e: '${NOPE3}'}]");
  for (const auto* word : {"loud", "NOPE1", "NOPE2", "NOPE3"})
    EXPECT_NE(text.find(word), std::string::npos) << text;
}

// -- paths -------------------------------------------------------------------------------

TEST(paths, count_from_the_folder_of_the_configuration) {
  using config_file::path_from;
  EXPECT_EQ(path_from("/etc/tutti/bot.yaml", "keys/k.pem"), "/etc/tutti/keys/k.pem");
  EXPECT_EQ(path_from("conf/bot.yaml", "./k.pem"), "conf/k.pem");
  EXPECT_EQ(path_from("conf/bot.yaml", "../k.pem"), "k.pem");
  EXPECT_EQ(path_from("bot.yaml", "k.pem"), "k.pem");
  EXPECT_EQ(path_from("conf/bot.yaml", "/k.pem"), "/k.pem");
  EXPECT_EQ(path_from("conf/bot.yaml", ""), "");
  EXPECT_EQ(path_from("conf/bot.yaml", "~/k.pem"), std::string{std::getenv("HOME")} + "/k.pem");
}

TEST(paths, of_every_key_do_so) {
  auto made = config_file::parse(
      "bot: {privateKey: {path: a}, certificate: {path: b}}\napp: {privateKey: {path: c}}\n"
      "ssl: {trustStore: {path: d}, crl: e}\nim: {directory: {path: f}}\nplugins: [{path: g.so}]\n",
      "x/bot.yaml");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->bot.private_key.path, "x/a");
  EXPECT_EQ(made->bot.certificate.path, "x/b");
  EXPECT_EQ(made->app.private_key.path, "x/c");
  EXPECT_EQ(made->tls.trust_store_path, "x/d");
  EXPECT_EQ(made->tls.crl, "x/e");
  EXPECT_EQ(made->im.directory.path, "x/f");
  EXPECT_EQ(made->plugins[0].path, "x/g.so");
}

TEST(paths, in_settings_of_plugins_do_so_too) {
  std::string path;
  setting_list all;
  all.add_path("tokenPath", path, "a file");
  ASSERT_TRUE(all.read({{"tokenPath", {"t", "conf/bot.yaml:12:3: "}}}, "relay"));
  EXPECT_EQ(path, "conf/t");
  ASSERT_TRUE(all.read({{"tokenPath", "t"}}, "relay")); // Set in code.
  EXPECT_EQ(path, "t");
}

} // namespace
