#include <base/values/nearest.hpp>
#include <config/expand.hpp>
#include <tests/config/reading.hpp>
#include <tests/support/source_dir.hpp>
#include <tutti/config_file.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

TEST(config, a_bot_in_four_lines) {
  auto made =
      read("host: mybank.symphony.com\nbot:\n  username: joe\n  privateKey: {path: k.pem}\n");
  EXPECT_EQ(made.host_of(service::pod).host, "mybank.symphony.com");
  EXPECT_EQ(made.host_of(service::pod).port, 443);
  EXPECT_EQ(made.host_of(service::key_manager), made.host_of(service::pod));
  EXPECT_EQ(made.bot.username, "joe");
  EXPECT_EQ(made.bot.private_key.path, "k.pem");
}

TEST(config, services_inherit_the_root_host_key_by_key) {
  auto made = read("host: a\nport: 1\ncontext: /x\nagent: {host: b}\nkeyManager: {port: 2}\n");
  EXPECT_EQ(made.host_of(service::agent), (host_config{"https", "b", 1, "/x"}));
  EXPECT_EQ(made.host_of(service::key_manager), (host_config{"https", "a", 2, "/x"}));
}

TEST(config, json_is_read_too) {
  auto made = read(R"({"host": "a", "bot": {"username": "joe"}, "im": {"timeout": 5000}})");
  EXPECT_EQ(made.bot.username, "joe");
  EXPECT_EQ(made.im.timeout, 5s);
}

TEST(config, an_empty_key_keeps_its_default) {
  EXPECT_EQ(read("host: a\nport:\n").host_of(service::pod).port, 443);
}

TEST(config, durations_have_units) {
  for (auto [text, value] : std::vector<std::pair<std::string, std::chrono::milliseconds>>{
           {"250", 250ms}, {"250ms", 250ms}, {"3s", 3s}, {"2m", 2min}, {"1h", 1h}})
    EXPECT_EQ(read("im: {timeout: " + text + "}").im.timeout, value) << text;
}

TEST(config, words_become_enumerators) {
  EXPECT_EQ(read("im: {multiParty: allow}").im.multi, multi_party::allow);
  EXPECT_EQ(read("log: {level: debug}").log.level, log_level::debug);
}

TEST(config, aliases_that_multiply_or_name_themselves_are_refused) {
  std::string rows = "plugins:\n  - name: echo\n    a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    auto before = "*a" + std::to_string(i - 1);
    rows += "    a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 8; ++k)
      rows += ", " + before;
    rows += "]\n";
  }
  EXPECT_NE(complaint(rows).find("too much under plugins"), std::string::npos);
  EXPECT_NE(complaint("plugins: [{name: echo, a: &a [*a]}]").find("too much under plugins"),
            std::string::npos);
  EXPECT_NE(complaint("plugins: [&a {name: echo, a: *a}]").find("too much under plugins"),
            std::string::npos);
  auto wide = complaint("plugins: [&a {name: echo, " + std::string(1000, 'k') + ": *a}]");
  EXPECT_LT(wide.size(), 2000U) << wide;
  // Many plugins share the bound.
  std::string many = "plugins:\n  - &p {name: echo, a: [1";
  for (int i = 0; i < 2000; ++i)
    many += ", 1";
  many += "]}\n";
  for (int i = 0; i < 3000; ++i)
    many += "  - *p\n";
  EXPECT_NE(complaint(many).find("too much under plugins"), std::string::npos);
}

TEST(config, plugins_keep_their_settings) {
  auto made = read("plugins:\n  - name: echo\n    prefix: '> '\n  - name: other\n");
  ASSERT_EQ(made.plugins.size(), 2U);
  EXPECT_EQ(made.plugins[0].name, "echo");
  EXPECT_EQ(made.plugins[0].settings.at("prefix").text(), "> ");
}

TEST(config, complaints_name_file_line_column_key_and_the_way_out) {
  EXPECT_EQ(complaint("host: a\nhots: b\n"), "bot.yaml:2:1: hots: unknown key; did you mean host?");
  EXPECT_EQ(complaint("bot:\n  usernam: b\n"),
            "bot.yaml:2:3: bot.usernam: unknown key; did you mean bot.username?");
  EXPECT_EQ(complaint("bott:\n  username: b\n"),
            "bot.yaml:1:1: bott: unknown key; did you mean bot?");
  EXPECT_EQ(complaint("username: b\n"),
            "bot.yaml:1:1: username: unknown key; did you mean bot.username?");
  EXPECT_EQ(complaint("bot: {zzz: b}\n"),
            "bot.yaml:1:7: bot.zzz: unknown key; known under bot are: certificate, "
            "certificateContent, certificatePassword, certificatePath, privateKey, "
            "privateKeyContent, privateKeyPath, username");
  EXPECT_EQ(complaint("datafeed: {versoin: v2}\n"),
            "bot.yaml:1:12: datafeed.versoin: unknown key; did you mean datafeed.version?");
  EXPECT_EQ(complaint("port: x\n"),
            "bot.yaml:1:7: port: 'x' is not a TCP port; write a number from 1 to 65535");
  EXPECT_EQ(complaint("port: 70000\n"),
            "bot.yaml:1:7: port: '70000' is not a TCP port; write a number from 1 to 65535");
  EXPECT_EQ(complaint("port: 0\n").substr(0, 24), "bot.yaml:1:7: port: '0' ");
  EXPECT_EQ(complaint("http: {maxQueued: -1}"),
            "bot.yaml:1:19: http.maxQueued: '-1' is not a whole number in range");
  EXPECT_EQ(complaint("retry: {multiplier: much}"),
            "bot.yaml:1:21: retry.multiplier: 'much' is not a number in range");
  EXPECT_EQ(complaint("im: {multiParty: maybe}"),
            "bot.yaml:1:18: im.multiParty: 'maybe' is none of: refuse, allow");
  EXPECT_EQ(complaint("im: {timeout: 5 parsecs}").substr(0, 27), "bot.yaml:1:15: im.timeout: ");
  EXPECT_EQ(complaint("host: [a]"), "bot.yaml:1:7: host: a single value is expected, not a list");
  EXPECT_EQ(complaint("bot: joe"),
            "bot.yaml:1:6: bot: a map of keys is expected, indented on the lines below");
  EXPECT_EQ(complaint("host: a\nhost: b"), "bot.yaml:2:1: host: given twice");
  EXPECT_EQ(complaint("pod: {host: a}\nbot:\npod: {port: 1}"), "bot.yaml:3:1: pod: given twice");
  EXPECT_EQ(complaint("log: {levels: {http: loud}}").substr(0, 38),
            "bot.yaml:1:22: log.levels.http: 'loud'");
  EXPECT_EQ(complaint("log: {levels: debug}"),
            "bot.yaml:1:15: log.levels: a map is expected, e.g. {http: debug}");
  EXPECT_NE(complaint("host: 'a").find("bot.yaml:"), std::string::npos);
  EXPECT_NE(complaint("just words").find("a map of keys is expected"), std::string::npos);
  EXPECT_NE(complaint("").find("a map of keys is expected"), std::string::npos);
  EXPECT_NE(complaint("plugins: [{prefix: x}]").find("needs a name"), std::string::npos);
  EXPECT_NE(complaint("plugins: echo").find("a list is expected"), std::string::npos);
}

TEST(config, a_host_is_a_name_and_nothing_else) {
  EXPECT_EQ(complaint("host: https://a.b"),
            "bot.yaml:1:7: host: an address with a scheme; write the name alone, "
            "and the scheme as 'scheme: https'");
  EXPECT_EQ(complaint("pod:\n  host: a:8443"),
            "bot.yaml:2:9: pod.host: a port stands behind the name; write it as port: 8443");
  EXPECT_NE(complaint("host: '[::1]:8443'").find("write it as port: 8443"), std::string::npos);
  EXPECT_NE(complaint("proxy: {host: '[::1]:3128'}").find("proxy.port: 3128"), std::string::npos);
  EXPECT_NE(complaint("host: a/b").find("not the name of a host"), std::string::npos);
  EXPECT_NE(complaint("scheme: ftp").find("none of: https, http"), std::string::npos);
  auto secret = complaint("host: joe:secret@a");
  EXPECT_NE(secret.find("proxy.username"), std::string::npos);
  EXPECT_EQ(secret.find("secret"), std::string::npos);
  EXPECT_EQ(read("host: '::1'").host_of(service::pod).host, "::1");
  EXPECT_EQ(read("host: '[::1]'").host_of(service::pod).host, "::1");
}

TEST(config, every_spelling_of_a_context_is_one) {
  for (const auto* each : {"app", "/app", "app/", "/app/"})
    EXPECT_EQ(read(std::string{"host: a\ncontext: "} + each).host_of(service::pod).context, "/app")
        << each;
}

TEST(config, older_spellings_of_the_kits_count) {
  auto made = read("bot: {privateKeyPath: k.pem}\nssl: {trustStorePath: ca.pem}");
  EXPECT_EQ(made.bot.private_key.path, "k.pem");
  EXPECT_EQ(made.tls.trust_store_path, "ca.pem");
  EXPECT_TRUE(made.without_effect.empty());
}

TEST(config, timeouts_are_inherited_and_retries_read) {
  auto made = read("host: a\nconnectionTimeout: 5000\nreadTimeout: 45000\n"
                   "agent: {readTimeout: 0}\nretry: {maxAttempts: -1, initialIntervalMillis: 300, "
                   "multiplier: 1.5, maxIntervalMillis: 10000}");
  EXPECT_EQ(made.host_of(service::pod).connect_timeout, 5s);
  EXPECT_EQ(made.host_of(service::key_manager).read_timeout, 45s);
  EXPECT_EQ(made.host_of(service::agent).read_timeout, 0s);
  EXPECT_EQ(made.retry.max_attempts, -1);
  EXPECT_EQ(made.retry.initial_interval, 300ms);
  EXPECT_EQ(made.retry.multiplier, 1.5);
  EXPECT_EQ(made.retry.max_interval, 10s);
}

TEST(config, levels_of_components) {
  auto made = read("log: {level: warn, format: json, levels: {http: debug}}");
  EXPECT_EQ(made.log.format, log_format::json);
  EXPECT_EQ(made.log.levels.at("http"), log_level::debug);
}

TEST(config, keys_of_the_kits_without_effect_are_kept_as_names) {
  auto made = read("host: a\nconnectionPoolMax: 7\ndatafeed:\n  version: v2\n"
                   "extensions: {audit: {sink: kafka}}\nagent:\n  loadBalancing:\n"
                   "    nodes: [{host: x}]\n");
  EXPECT_EQ(made.without_effect, (std::vector<std::string>{"connectionPoolMax", "extensions",
                                                           "agent.loadBalancing.nodes"}));
}

TEST(config, proxies_and_headers_are_inherited_whole_as_in_the_kits) {
  auto made = read("host: a\nproxy: {host: p, port: 3128, username: u, password: w}\n"
                   "defaultHeaders: {X-Desk: fx, X-Other: y}\n"
                   "agent: {proxy: {host: q, port: 1}, defaultHeaders: {X-Desk: agent}}\n"
                   "keyManager: {proxy: {host: ''}}\n");
  EXPECT_EQ(made.host_of(service::pod).proxy, (proxy_config{"p", 3128, "u", "w"}));
  EXPECT_EQ(made.host_of(service::agent).proxy, (proxy_config{"q", 1, "", ""}));
  EXPECT_EQ(made.host_of(service::key_manager).proxy, proxy_config{});
  EXPECT_EQ(made.host_of(service::pod).default_headers.size(), 2U);
  EXPECT_EQ(made.host_of(service::agent).default_headers,
            (std::map<std::string, std::string>{{"X-Desk", "agent"}}));
}

TEST(config, a_proxy_or_header_that_cannot_be_is_refused) {
  EXPECT_NE(complaint("proxy: {host: p}").find("proxy.port is missing"), std::string::npos);
  EXPECT_NE(complaint("proxy: {host: 'http://p', port: 1}").find("the name alone"),
            std::string::npos);
  EXPECT_NE(complaint("defaultHeaders: {sessionToken: x}").find("carries its own"),
            std::string::npos);
  EXPECT_NE(complaint("defaultHeaders: {'a b': x}").find("no name of a header"), std::string::npos);
  EXPECT_NE(complaint("defaultHeaders: {X-A: \"a\\r\\nb\"}").find("one line"), std::string::npos);
  EXPECT_NE(complaint("defaultHeaders: [a]").find("a map is expected"), std::string::npos);
}

TEST(config, certificates_and_the_common_jwt_are_read) {
  auto made = read("bot: {username: b, certificate: {path: c.p12, password: w}}\n"
                   "app: {appId: a, certificatePath: d.pem}\ncommonJwt: {enabled: true}\n");
  EXPECT_EQ(made.bot.certificate.path, "c.p12");
  EXPECT_EQ(made.bot.certificate.password, "w");
  EXPECT_EQ(made.app.certificate.path, "d.pem");
  EXPECT_TRUE(made.common_jwt.enabled);
}

TEST(config, a_file_of_each_official_kit_loads_whole) {
  for (const auto* name :
       {"kit_java.yaml", "kit_java.json", "kit_java_flat.yaml", "kit_python.yaml"}) {
    ::setenv("PXP", "secret", 1);
    auto made = config_file::load(tutti::testing::source_file("tests/samples/") + name);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->host_of(service::pod).host, "pod.bank.example") << name;
    EXPECT_EQ(made->host_of(service::agent).host, "agent.bank.example") << name;
    EXPECT_EQ(made->host_of(service::key_manager).port, 8445) << name;
    EXPECT_EQ(made->host_of(service::pod).context, "/sym") << name;
    EXPECT_EQ(made->bot.username, "fx-im-bot") << name;
    EXPECT_EQ(made->bot.private_key.path, "/run/secrets/fx-im-bot.pem") << name;
    EXPECT_EQ(made->retry.max_attempts, 5) << name;
    EXPECT_FALSE(made->host_of(service::pod).proxy.host.empty()) << name;
    EXPECT_FALSE(made->without_effect.empty()) << name;
  }
}

// -- the reference -------------------------------------------------------------------

std::string content(const std::string& path) {
  std::ifstream file{tutti::testing::source_file(path)};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(config, the_reference_is_up_to_date) {
  EXPECT_EQ(content("config/tutti.yaml"), config_file::reference())
      << "run: build/bin/tutti config reference > config/tutti.yaml";
  EXPECT_EQ(content("config/tutti.schema.json"), config_file::schema())
      << "run: build/bin/tutti config schema > config/tutti.schema.json";
}

TEST(config, the_reference_loads_and_holds_the_defaults) {
  auto made = read(config_file::reference());
  const config defaults;
  EXPECT_EQ(made.hosts, defaults.hosts);
  EXPECT_EQ(made.retry.max_interval, defaults.retry.max_interval);
  EXPECT_EQ(made.retry.multiplier, defaults.retry.multiplier);
  EXPECT_EQ(made.im.timeout, defaults.im.timeout);
  EXPECT_EQ(made.im.directory.ttl, defaults.im.directory.ttl);
  EXPECT_EQ(made.http.max_body, defaults.http.max_body);
  EXPECT_EQ(made.log.level, defaults.log.level);
  EXPECT_TRUE(made.without_effect.empty());
}

TEST(nearest, finds_what_was_meant) {
  EXPECT_EQ(nearest("hots", {"port", "host"}), "host");
  EXPECT_EQ(nearest("privatekey", {"privateKey", "username"}), "privateKey");
  EXPECT_EQ(nearest("conectTimeout", {"connectionTimeout", "readTimeout"}), "connectionTimeout");
  EXPECT_EQ(nearest("zzz", {"port", "host"}), std::nullopt);
}

TEST(config, a_file_that_cannot_be_read_is_named) {
  auto made = config_file::load("/nowhere/bot.yaml");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().detail.find("/nowhere/bot.yaml"), std::string::npos);
}

TEST(config, the_demo_bot_s_file_is_read) {
  auto made = config_file::load(tutti::testing::source_file("config/demo.yaml"));
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->bot.username, "demo-bot");
}

// -- variables ---------------------------------------------------------------------------

config_file::expanded expand(const std::string& value) {
  return config_file::expand(value, [](const std::string& name) -> std::optional<std::string> {
    if (name == "SET")
      return "x";
    if (name == "EMPTY")
      return "";
    return std::nullopt;
  });
}

TEST(expand, replaces_variables_defaults_and_dollars) {
  EXPECT_EQ(expand("a${SET}b").text, "axb");
  EXPECT_EQ(expand("${UNSET:-y}").text, "y");
  EXPECT_EQ(expand("${UNSET:-}").text, "");
  EXPECT_EQ(expand("${EMPTY:-y}").text, "y");
  EXPECT_EQ(expand("${EMPTY}").text, "");
  EXPECT_EQ(expand("${SET:-y}").text, "x");
  EXPECT_EQ(expand("$${SET}").text, "${SET}");
  EXPECT_EQ(expand("5$ $x").text, "5$ $x");
}

TEST(expand, an_unset_variable_or_open_brace_is_an_error) {
  EXPECT_NE(expand("${UNSET}").error.find("UNSET"), std::string::npos);
  EXPECT_NE(expand("a${SET").error.find("}"), std::string::npos);
}

TEST(config, an_unset_variable_is_a_complaint_with_its_place) {
  ::unsetenv("TUTTI_NOT_SET");
  EXPECT_EQ(complaint("host: ${TUTTI_NOT_SET}").substr(0, 19), "bot.yaml:1:7: host:");
}

} // namespace
