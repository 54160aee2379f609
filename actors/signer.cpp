// Key file, parsed key, signature.
#include <actors/signer.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace tutti {

namespace {

class signer_impl final : public signer_actor::base {
public:
  signer_impl(caf::actor_config& cfg, wire::key_source where)
      : signer_actor::base(cfg), where_(std::move(where)) {}

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
    auto text = wire::read_key(where_);
    if (!text)
      return text.error();
    if (!key_ || *text != text_) {
      auto key = wire::parse_key(*text, where_);
      if (!key)
        return key.error();
      key_ = std::move(*key);
      text_ = std::move(*text);
    }
    return key_->sign_login(where_.subject, std::chrono::system_clock::now());
  }

  wire::key_source where_;
  std::string text_;
  std::optional<wire::signing_key> key_;
};

} // namespace

signer_actor spawn_signer(caf::actor_system& system, wire::key_source where) {
  return system.spawn<signer_impl>(std::move(where));
}

} // namespace tutti
