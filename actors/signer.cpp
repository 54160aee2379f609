// Key file, parsed key, signature.
#include <actors/signer.hpp>

#include <actors/wire/jwt.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

namespace tutti {

namespace {

class signer_impl final : public signer_actor::base {
public:
  signer_impl(caf::actor_config& cfg, bot_config settings)
      : signer_actor::base(cfg), settings_(std::move(settings)) {}

  const char* name() const override { return "tutti.signer"; }

protected:
  behavior_type make_behavior() override {
    return {[this](sign_login) -> caf::result<std::string> {
      auto jwt = sign();
      if (!jwt)
        return to_error(jwt.error());
      return std::move(*jwt);
    }};
  }

private:
  result<std::string> sign() {
    auto pem = read_pem();
    if (!pem)
      return pem.error();
    if (!key_ || *pem != pem_) {
      auto key = wire::signing_key::parse(*pem, source());
      if (!key)
        return key.error();
      key_ = std::move(*key);
      pem_ = std::move(*pem);
    }
    return key_->sign_login(settings_.username, std::chrono::system_clock::now());
  }

  std::string source() const {
    return settings_.private_key_path.empty() ? "bot.privateKey.content"
                                              : settings_.private_key_path;
  }

  result<std::string> read_pem() const {
    if (settings_.private_key_path.empty())
      return settings_.private_key_content;
    std::ifstream file{settings_.private_key_path};
    if (!file)
      return failure{errc::login_refused,
                     "bot.privateKey.path: cannot read " + settings_.private_key_path + " (" +
                         std::generic_category().message(errno) +
                         "); give the path of the bot's RSA private key",
                     0, "key"};
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
  }

  bot_config settings_;
  std::string pem_;
  std::optional<wire::signing_key> key_;
};

} // namespace

signer_actor spawn_signer(caf::actor_system& system, const bot_config& settings) {
  return system.spawn<signer_impl>(settings);
}

} // namespace tutti
