// A whole run at level trace, searched for everything that must stay secret.
#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <mutex>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

/// Keeps every line, fields and all.
class everything final : public log_sink {
public:
  void write(log_level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    auto guard = std::lock_guard{lock_};
    text_.append(component).append(" ").append(event);
    for (const auto& each : fields)
      text_.append(" ").append(each.key).append("=").append(each.value);
    text_ += '\n';
  }
  bool keeps(log_level, std::string_view) const noexcept override { return true; }

  std::string text() {
    auto guard = std::lock_guard{lock_};
    return text_;
  }

private:
  std::mutex lock_;
  std::string text_;
};

class caller final : public conversation {
public:
  using conversation::conversation;
  void on_open(const im_created&) override { quit(); }
};

constexpr const char* password = "correct-horse-battery";

/// The bot's key, encrypted.
std::string encrypted_key() {
  const auto& pem = bot_keys().private_pem;
  auto* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  auto* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  auto* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_256_cbc(), password,
                                static_cast<int>(std::string_view{password}.size()), nullptr,
                                nullptr);
  char* text = nullptr;
  auto length = BIO_get_mem_data(out, &text);
  std::string made{text, static_cast<std::size_t>(length)};
  BIO_free(in);
  BIO_free(out);
  EVP_PKEY_free(key);
  return made;
}

TEST(secrets, none_is_logged_or_told_in_a_whole_run_at_level_trace) {
  pod_fixture pod;
  auto sink = std::make_shared<everything>();
  auto settings = pod.bot_config();
  settings.bot.private_key.content = encrypted_key();
  settings.bot.private_key.password = password;
  std::string told;
  auto open = [&](bot& running, const char* name) {
    auto ended = running.wait_for(running.converse<caller>({.participants = {pod.id(name)}}));
    told += ended ? "open\n" : to_string(ended.error()) + "\n";
  };
  {
    bot running{settings, {}, sink};
    running.start().value();
    open(running, "ada");
    pod.serving.with_pod([](emulator::pod& state) { state.sessions.expire_all(); });
    open(running, "ben");
    open(running, "zoe");
    // A session that is refused for good, a login answer of the wrong shape, a login refused.
    pod.serving.set_faults(R"([{"path": "/pod/v1/im/create", "status": 401}])");
    open(running, "cleo");
    pod.serving.set_faults(R"([{"path": "/login/pubkey/authenticate",
        "body": "{\"tokn\":\"leaked-by-a-wrong-shape\"}"}])");
    pod.serving.with_pod([](emulator::pod& state) { state.sessions.expire_all(); });
    open(running, "dan");
    pod.serving.set_faults(R"([{"path": "/login/pubkey/authenticate", "status": 401}])");
    open(running, "eve");
  }
  settings.bot.private_key.password = "wrong-" + std::string{password};
  bot locked{settings, {}, sink};
  locked.start().value();
  open(locked, "ada");
  locked.stop();

  auto seen = sink->text() + told;
  EXPECT_NE(seen.find("logged_in"), std::string::npos) << "nothing was logged: " << seen;
  EXPECT_NE(seen.find("exchange"), std::string::npos);
  EXPECT_NE(told.find("open\nopen\n"), std::string::npos) << told;
  EXPECT_NE(told.find("login_refused"), std::string::npos) << told;

  std::vector<std::string> secrets{password, "leaked-by-a-wrong-shape"};
  for (const auto& each : pod.serving.requests()) {
    if (!each.session_token.empty())
      secrets.push_back(each.session_token);
    if (each.route == "/login/pubkey/authenticate") // {"token":"<JWT>"}
      secrets.push_back(each.body.substr(10, each.body.size() - 12));
  }
  auto key = settings.bot.private_key.content + bot_keys().private_pem;
  for (std::size_t at = 0; at < key.size(); at = key.find('\n', at) + 1)
    if (auto line = key.substr(at, key.find('\n', at) - at); line.size() > 40)
      secrets.push_back(line);
  EXPECT_GT(secrets.size(), 50U);
  for (const auto& secret : secrets) // Parts of them count as well.
    EXPECT_EQ(seen.find(secret.substr(0, 20)), std::string::npos) << secret;
}

} // namespace
