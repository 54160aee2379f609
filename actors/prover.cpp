// File, what it holds, proof.
#include <actors/prover.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace tutti {

namespace {

/// Keeps what was made of a text as long as the text stays the same.
template <class Made>
class remembered {
public:
  template <class Parse>
  result<Made> of(result<std::string> text, Parse&& parse) {
    if (!text)
      return text.error();
    if (!made_ || *text != text_) {
      auto made = parse(*text);
      if (!made)
        return made.error();
      made_ = std::move(*made);
      text_ = std::move(*text);
    }
    return *made_;
  }

private:
  std::string text_;
  std::optional<Made> made_;
};

class by_key {
public:
  explicit by_key(wire::key_source where) : where_(std::move(where)) {}

  result<login_proof> prove() {
    auto key = key_.of(wire::read_key(where_),
                       [this](const std::string& text) { return wire::parse_key(text, where_); });
    if (!key)
      return key.error();
    auto jwt = key->sign_login(where_.subject, std::chrono::system_clock::now());
    if (!jwt)
      return jwt.error();
    return login_proof{std::move(*jwt), nullptr};
  }

private:
  wire::key_source where_;
  remembered<wire::signing_key> key_;
};

class by_certificate {
public:
  explicit by_certificate(http::store_source where) : where_(std::move(where)) {}

  result<login_proof> prove() {
    // The same object as long as the file is: its connections are found again.
    auto parse = [this](const std::string& bytes) {
      return http::client_certificate::parse(bytes, where_);
    };
    auto shown = shown_.of(http::read_store(where_), parse);
    if (shown && !(*shown)->in_force()) // It has ended since: parsing says so.
      shown = remembered<std::shared_ptr<const http::client_certificate>>{}.of(
          http::read_store(where_), parse);
    if (!shown)
      return shown.error();
    return login_proof{{}, *shown};
  }

private:
  http::store_source where_;
  remembered<std::shared_ptr<const http::client_certificate>> shown_;
};

template <class How>
class prover_impl final : public prover_actor::base {
public:
  template <class Source>
  prover_impl(caf::actor_config& cfg, Source where)
      : prover_actor::base(cfg), how_(std::move(where)) {}

  const char* name() const override { return "tutti.prover"; }

protected:
  behavior_type make_behavior() override {
    return {[this](prove_login) -> caf::result<login_proof> {
      auto proof = how_.prove();
      if (!proof)
        return to_error(proof.error());
      return std::move(*proof);
    }};
  }

private:
  How how_;
};

} // namespace

prover_actor spawn_prover(caf::actor_system& system, wire::key_source key) {
  return system.spawn<prover_impl<by_key>>(std::move(key));
}

prover_actor spawn_prover(caf::actor_system& system, http::store_source certificate) {
  return system.spawn<prover_impl<by_certificate>>(std::move(certificate));
}

http::store_source certificate_of(const secret_config& given, const std::string& whose) {
  return {given, whose + ".certificate", errc::login_refused, "key_certificate"};
}

} // namespace tutti
