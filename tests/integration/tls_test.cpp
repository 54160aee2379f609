// The pool and a bot against a pod that speaks TLS.
#include <tests/support/pod_fixture.hpp>

#include <emulator/crypto/certificate.hpp>
#include <emulator/files.hpp>
#include <transport/tls/tls.hpp>

#include <tutti/bot.hpp>

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <filesystem>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

/// Ends with its conversation, and its failure.
class opener final : public conversation {
public:
  using conversation::conversation;
  void on_open(const im_created&) override { quit(); }
};

class tls_test : public ::testing::Test {
public:
  config bot_config(const pod_fixture& pod, const std::string& authority,
                    const std::string& host = "127.0.0.1") {
    auto settings = pod.bot_config();
    settings.hosts.fill({"https", host, pod.serving.port(), ""});
    settings.tls.trust_store_content = authority;
    return settings;
  }

  /// What opening an IM comes to.
  static result<void> open(const config& settings, pod_fixture& pod,
                           const std::vector<std::string>& names = {"ada"}) {
    bot running{settings};
    running.start().value();
    result<void> ended;
    for (const auto& name : names) {
      ended = running.wait_for(running.converse<opener>({.participants = {pod.id(name)}}));
      if (!ended)
        return ended;
    }
    return ended;
  }

  emulator::certificate shown = emulator::make_certificate({"127.0.0.1", "localhost"});
};

TEST_F(tls_test, an_im_is_opened_over_tls) {
  pod_fixture pod{{.tls = shown}};
  auto opened = open(bot_config(pod, shown.authority), pod);
  EXPECT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(pod.serving.connections().tls, pod.serving.connections().accepted);
}

TEST_F(tls_test, a_name_is_checked_as_an_address_is) {
  pod_fixture pod{{.tls = shown}};
  EXPECT_TRUE(open(bot_config(pod, shown.authority, "localhost"), pod));
}

TEST_F(tls_test, further_connections_take_the_session_up) {
  pod_fixture pod{{.tls = shown}};
  pod.serving.set_service_time("default", 20ms);
  bot running{bot_config(pod, shown.authority)};
  running.start().value();
  // One after the other first: the session comes with the first answer.
  running.wait_for(running.converse<opener>({.participants = {pod.id("ada")}})).value();
  std::vector<conversation_actor> talks;
  for (const auto* name : {"ben", "cleo", "dan", "eve"})
    talks.push_back(running.converse<opener>({.participants = {pod.id(name)}}));
  for (const auto& talk : talks)
    running.wait_for(talk).value();
  auto counts = pod.serving.connections();
  EXPECT_GT(counts.accepted, 1);
  EXPECT_EQ(counts.resumed, counts.tls - 1);
}

TEST_F(tls_test, a_pkcs12_store_and_base64_are_trusted_like_pem) {
  pod_fixture pod{{.tls = shown}};
  auto folder = ::testing::TempDir() + "tutti-p12-" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  emulator::write_text(folder + "/ca.pem", shown.authority);
  auto run = [](const std::string& line) { return std::system(line.c_str()); };
  ASSERT_EQ(run("openssl pkcs12 -export -nokeys -in " + folder + "/ca.pem -out " + folder +
                "/ca.p12 -passout pass:changeit"),
            0);
  ASSERT_EQ(run("openssl base64 -in " + folder + "/ca.p12 -out " + folder + "/ca.b64"), 0);
  auto settings = bot_config(pod, "");
  settings.tls = {.trust_store_path = folder + "/ca.p12", .trust_store_password = "changeit"};
  auto opened = open(settings, pod);
  EXPECT_TRUE(opened) << opened.error().detail;
  settings.tls = {.trust_store_content = emulator::read_file(folder + "/ca.b64"),
                  .trust_store_password = "changeit"};
  opened = open(settings, pod);
  EXPECT_TRUE(opened) << opened.error().detail;
  std::filesystem::remove_all(folder);
}

TEST_F(tls_test, a_name_no_certificate_can_have_is_refused) {
  auto context = transport::make_tls({}).value();
  for (const auto* name : {"", "not a:valid%address", "fe80::zz%lo"}) {
    auto* connection = SSL_new(context->native_handle());
    EXPECT_EQ(transport::tls_host(context, name).prepare(connection), *name != '\0') << name;
    SSL_free(connection);
  }
}

TEST_F(tls_test, the_scope_of_an_address_is_no_part_of_what_is_demanded) {
  auto context = transport::make_tls({}).value();
  auto* connection = SSL_new(context->native_handle());
  EXPECT_TRUE(transport::tls_host(context, "::1%lo").prepare(connection));
  auto* demanded = X509_VERIFY_PARAM_get1_ip_asc(SSL_get0_param(connection));
  ASSERT_TRUE(demanded) << "any name would pass";
  EXPECT_STREQ(demanded, "0:0:0:0:0:0:0:1");
  OPENSSL_free(demanded);
  SSL_free(connection);
}

TEST_F(tls_test, an_authority_nobody_trusts_is_refused_by_name) {
  pod_fixture pod{{.tls = shown}};
  auto why = open(bot_config(pod, ""), pod).error();
  EXPECT_EQ(why.error, errc::tls_failed);
  EXPECT_EQ(why.code, "tls_untrusted");
  EXPECT_NE(why.detail.find("tutti-pod authority"), std::string::npos) << why.detail;
  EXPECT_NE(why.detail.find("ssl.trustStore"), std::string::npos);
}

TEST_F(tls_test, a_certificate_for_another_name_is_refused) {
  auto other = emulator::make_certificate({"pod.other.example"});
  pod_fixture pod{{.tls = other}};
  auto why = open(bot_config(pod, other.authority), pod).error();
  EXPECT_EQ(why.code, "tls_name_mismatch");
  EXPECT_NE(why.detail.find("for pod.other.example, not 127.0.0.1"), std::string::npos)
      << why.detail;
}

TEST_F(tls_test, an_expired_certificate_is_refused) {
  auto old = emulator::make_certificate({"127.0.0.1"}, -1h);
  pod_fixture pod{{.tls = old}};
  auto why = open(bot_config(pod, old.authority), pod).error();
  EXPECT_EQ(why.code, "tls_expired") << why.detail;
}

TEST_F(tls_test, a_port_without_tls_is_told) {
  pod_fixture pod;
  auto why = open(bot_config(pod, shown.authority), pod).error();
  EXPECT_EQ(why.code, "tls_not_spoken") << why.detail;
  EXPECT_NE(why.detail.find("scheme: http"), std::string::npos) << why.detail;
}

TEST_F(tls_test, plain_http_at_a_tls_port_is_told) {
  pod_fixture pod{{.tls = shown}};
  auto settings = pod.bot_config();
  auto why = open(settings, pod).error();
  EXPECT_NE(why.detail.find("scheme: https"), std::string::npos) << why.detail;
}

// -- trust stores -------------------------------------------------------------------

class trust_store_test : public ::testing::Test {
public:
  trust_store_test() {
    std::filesystem::create_directories(folder);
    emulator::write_text(path("ca.pem"), authority);
  }
  ~trust_store_test() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string& name) const { return folder + "/" + name; }

  std::string complaint(const std::string& store, const std::string& password = "") {
    auto made = transport::make_tls({.trust_store_path = store, .trust_store_password = password});
    EXPECT_FALSE(made);
    EXPECT_EQ(made.error().error, errc::misconfigured);
    return made.error().detail;
  }

  std::string authority = emulator::make_certificate({"localhost"}).authority;
  std::string folder = ::testing::TempDir() + "tutti-trust-" + std::to_string(::getpid());
};

TEST_F(trust_store_test, pem_and_pkcs12_are_read) {
  EXPECT_TRUE(transport::make_tls({.trust_store_path = path("ca.pem")}));
  EXPECT_TRUE(transport::make_tls({.trust_store_content = authority}));
  auto make = "openssl pkcs12 -export -nokeys -in " + path("ca.pem") + " -out " + path("ca.p12") +
              " -passout pass:changeit";
  ASSERT_EQ(std::system(make.c_str()), 0);
  EXPECT_TRUE(transport::make_tls(
      {.trust_store_path = path("ca.p12"), .trust_store_password = "changeit"}));
  EXPECT_NE(complaint(path("ca.p12"), "wrong").find("password is wrong"), std::string::npos);
}

TEST_F(trust_store_test, java_s_own_format_is_refused_with_the_line_that_converts_it) {
  emulator::write_text(path("bank.jks"), "\xfe\xed\xfe\xed and more");
  EXPECT_NE(
      complaint(path("bank.jks")).find("keytool -importkeystore -srckeystore " + path("bank.jks")),
      std::string::npos);
}

TEST_F(trust_store_test, what_is_no_store_is_named) {
  EXPECT_NE(complaint("/nowhere/ca.pem").find("/nowhere/ca.pem"), std::string::npos);
  emulator::write_text(path("words"), "just words");
  EXPECT_NE(complaint(path("words")).find("neither PEM nor PKCS#12"), std::string::npos);
  emulator::write_text(path("empty.pem"), "-----BEGIN NOTHING-----");
  EXPECT_NE(complaint(path("empty.pem")).find("line 1: 'NOTHING' is no label"), std::string::npos);
  emulator::write_text(path("nothing.pem"),
                       "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n");
  EXPECT_NE(complaint(path("nothing.pem")).find("no certificate"), std::string::npos);
  EXPECT_NE(complaint(folder).find("cannot be read"), std::string::npos);
  emulator::write_text(path("first.pem"),
                       "\n-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----\n");
  EXPECT_NE(complaint(path("first.pem")).find("certificate 1 (line 2) in this PEM file is damaged"),
            std::string::npos);
}

} // namespace
