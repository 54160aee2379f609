// The auth actor over a scripted http actor, in virtual time.
#pragma once

#include <tests/support/scripted_http.hpp>

#include <actors/auth/auth.hpp>
#include <emulator/crypto/jwt.hpp>

#include <gtest/gtest.h>

namespace tutti::testing {

inline constexpr auto login_path = "/login/pubkey/authenticate";
inline constexpr auto info_path = "/pod/v2/sessioninfo";

inline const emulator::key_pair& keys() {
  static const auto made = emulator::make_key_pair();
  return made;
}

class auth_test : public ::testing::Test {
public:
  void start(const std::string& key) {
    settings.bot.username = "bot";
    settings.bot.private_key.content = key;
    actor = spawn_auth(sys.system, nullptr, settings, http.handle(), {});
    sys.run();
  }

  ~auth_test() override { sys.kill(actor); }

  asked<caller_info> whoami_of(identity as = {}) {
    auto pending = sys.ask<caller_info>(actor, whoami{as});
    sys.run();
    return pending;
  }

  void token(const std::string& text) {
    http.answer(login_path, 200, R"({"name":"sessionToken","token":")" + text + R"("})");
  }

  config settings;
  virtual_system sys;
  scripted_http http{sys};
  auth_actor actor;
};

} // namespace tutti::testing
