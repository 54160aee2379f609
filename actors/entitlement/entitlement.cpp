// entitlement: gathers facts look-up by look-up until facts.hpp can judge.
#include <actors/entitlement/entitlement.hpp>

#include <actors/auth/auth.hpp>
#include <actors/entitlement/facts.hpp>
#include <actors/loop/resident.hpp>
#include <base/containers/slab.hpp>
#include <wire/endpoints.hpp>

#include <map>
#include <utility>
#include <vector>

namespace tutti {

namespace {

using answer = caf::typed_response_promise<entitlement_checked>;

/// One question being answered.
struct check {
  identity as;
  entitlement_facts known;
  answer promise;
};

/// Failures that leave the fact unknown rather than the pod out of reach.
bool says_nothing(const failure& why) {
  return why.error == errc::not_entitled || why.error == errc::rejected ||
         why.error == errc::protocol_error || why.code == no_bot_code;
}

class entitlement_impl final : public resident<entitlement_actor> {
public:
  entitlement_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, const core& below)
      : resident<entitlement_actor>(cfg, std::move(unit)), below_(below) {}

  const char* name() const override { return "tutti.entitlement"; }

protected:
  behavior_type make_behavior() override {
    return {[this](check_entitlement& question) { return on_check(question); }};
  }

  void on_exit() override {
    for (auto id : checks_.ids())
      checks_.take(id)->promise.deliver(to_error(ending()));
    below_ = {};
  }

private:
  using check_id = slab<check>::id;

  answer on_check(check_entitlement& question) {
    auto promise = make_response_promise<answer>();
    check fresh;
    fresh.as = question.as;
    fresh.promise = promise;
    fresh.known.users = std::move(question.users);
    fresh.known.refused = question.refused;
    advance(checks_.insert(std::move(fresh)));
    return promise;
  }

  void advance(check_id id) {
    auto& one = *checks_.find(id);
    switch (look_further(one.known)) {
    case look_up::nothing: {
      auto judged = judge(one.known);
      checks_.take(id)->promise.deliver(std::move(judged));
      return;
    }
    case look_up::connections:
      return ask(
          id, below_.connections, find_connected{one.as, one.known.users},
          +[](entitlement_facts& known, connected_found& found) {
            known.connected = std::move(found.users);
          });
    case look_up::own_pod:
      return ask(
          id, below_.users, find_users{one.as, one.known.users, user_scope::own_pod},
          +[](entitlement_facts& known, users_found& found) {
            known.internal = std::move(found.users);
          });
    case look_up::everywhere:
      return ask(
          id, below_.users, find_users{one.as, one.known.unconnected(), user_scope::everywhere},
          +[](entitlement_facts& known, users_found& found) {
            known.visible = std::move(found.users);
          });
    case look_up::connection:
      return ask(
          id, below_.connections, get_connection{one.as, one.known.unconnected().users().front()},
          +[](entitlement_facts& known, connection_info& found) { known.status = found.status; });
    case look_up::features:
      features_[one.as].next.push_back(id);
      return read_features(one.as);
    }
  }

  /// Asks another actor; `learn(facts, answer)` takes the answer in. A failure that says nothing
  /// makes the verdict unknown, any other one is passed to the asker.
  template <class Handle, class Question, class Found>
  void ask(check_id id, const Handle& whom, Question question,
           void (*learn)(entitlement_facts&, Found&)) {
    request(whom, caf::infinite, std::move(question))
        .then(
            [this, id, learn](Found& found) {
              learn(checks_.find(id)->known, found);
              advance(id);
            },
            [this, id](const caf::error& error) { unanswered(id, to_failure(error)); });
  }

  void unanswered(check_id id, const failure& why) {
    if (!says_nothing(why)) {
      checks_.take(id)->promise.deliver(to_error(why));
      return;
    }
    checks_.find(id)->known.unreadable = why.detail;
    advance(id);
  }

  // -- the caller's features ----------------------------------------------------

  /// Like the other look-ups: one flies, those who come meanwhile share the next.
  void read_features(const identity& as) {
    auto& readers = features_[as];
    if (readers.flying.empty() && readers.next.empty()) {
      features_.erase(as);
      return;
    }
    if (!readers.flying.empty())
      return;
    readers.flying = std::exchange(readers.next, {});
    request(below_.auth, caf::infinite, whoami{as})
        .then([this, as](const caller_info& caller) { fetch_features(as, caller.id); },
              [this, as](const caf::error& error) { features_failed(as, to_failure(error)); });
  }

  void fetch_features(const identity& as, user_id caller) {
    http_call call; // As the bot: the features calls are not open to OBO sessions.
    call.request = wire::features_of(caller);
    request(below_.http, caf::infinite, std::move(call))
        .then(
            [this, as](const http_response& response) {
              auto enabled = wire::read_feature(response, wire::external_im_feature);
              if (!enabled)
                return features_failed(as, enabled.error());
              features_known(as, !*enabled   ? entitlement_facts::feature::not_readable
                                 : **enabled ? entitlement_facts::feature::on
                                             : entitlement_facts::feature::off);
            },
            [this, as](const caf::error& error) { features_failed(as, to_failure(error)); });
  }

  void features_failed(const identity& as, const failure& why) {
    if (says_nothing(why))
      return features_known(as, entitlement_facts::feature::not_readable);
    for (auto id : std::exchange(features_[as].flying, {}))
      checks_.take(id)->promise.deliver(to_error(why));
    read_features(as);
  }

  void features_known(const identity& as, entitlement_facts::feature state) {
    for (auto id : std::exchange(features_[as].flying, {})) {
      checks_.find(id)->known.external_im = state;
      advance(id);
    }
    read_features(as);
  }

  /// Checks that read the caller's features now, and those for whom it must be read afterwards.
  struct feature_readers {
    std::vector<check_id> flying;
    std::vector<check_id> next;
  };

  core below_;
  slab<check> checks_;
  std::map<identity, feature_readers> features_;
};

} // namespace

entitlement_actor spawn_entitlement(caf::actor_system& system,
                                    const std::shared_ptr<loop_unit>& unit, const core& below) {
  return spawn_resident<entitlement_impl>(system, unit, below);
}

} // namespace tutti
