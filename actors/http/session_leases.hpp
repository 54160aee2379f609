// The sessions leased to http, and the calls that wait for one.
#pragma once

#include <base/containers/slab.hpp>
#include <wire/endpoints.hpp>

#include <tutti/protocol/http.hpp>

#include <caf/typed_response_promise.hpp>

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti {

/// A call that carries the key manager's token. Who acts on behalf of a user has none.
inline bool needs_keys(const http_call& call) {
  return call.to == service::agent && call.authorized && call.as.is_bot();
}

/// Part of the http actor: one lease for each identity. Calls are known by a number.
class session_leases {
public:
  using call_id = std::uint64_t;
  using demand_promise = caf::typed_response_promise<session_wanted>;

  /// A session that may be used.
  struct lease {
    /// Ready for the wire.
    std::string header;
    /// The same for a call to the agent, with the key manager's token; empty: there is none.
    std::string agent_header;
    /// What must not be quoted of a call with it: the header, and what the login was proved with.
    std::shared_ptr<const std::string> secrets;
    /// Counts all sessions leased.
    std::uint64_t number = 0;
  };

  /// Past `most` identities, those whose session has not been used of late make room.
  explicit session_leases(std::size_t most) : most_(most) {}

  /// null: there is none to use now. `keys`: for a call that needs the key manager's token, too.
  const lease* usable(const identity& as, bool keys = false) {
    auto found = all_.find(as);
    if (found == all_.end() || !found->second.usable ||
        (keys && found->second.given.agent_header.empty()))
      return nullptr;
    found->second.used = true;
    return &found->second.given;
  }

  const lease* usable_for(const http_call& call) { return usable(call.as, needs_keys(call)); }

  /// The call waits for a session; the auth actor is asked for one unless it already has been.
  void await(const identity& as, call_id who, bool keys = false) {
    if (all_.size() >= most_ && !all_.contains(as))
      make_room();
    auto& wanted = all_[as];
    wanted.waiting.push_back(who);
    if (!std::exchange(wanted.demanded, true))
      demands_.push_back({as, wanted.usable ? session{} : wanted.current, keys});
    answer_auth();
  }

  /// Waits no longer.
  void leave(const identity& as, call_id who) {
    if (auto found = all_.find(as); found != all_.end())
      std::erase(found->second.waiting, who);
  }

  /// The session of that number met a 401; false when it is not the one in use any more.
  bool expired(const identity& as, std::uint64_t number) {
    auto found = all_.find(as);
    if (found == all_.end() || !found->second.usable || found->second.given.number != number)
      return false;
    found->second.usable = false;
    return true;
  }

  /// A new session; returns the calls that have waited for it, some of them for its keys.
  /// `proof`: what the newest login carried.
  std::vector<call_id> put(lease_session& given, const std::string& proof = {}) {
    if (all_.size() >= most_ && !all_.contains(given.as))
      make_room();
    auto& known = all_[given.as];
    known.demanded = false;
    known.current = std::move(given.current);
    known.given.header = wire::session_header(known.current);
    known.given.agent_header = wire::agent_header(known.current);
    known.given.secrets =
        std::make_shared<const std::string>(known.given.header + known.given.agent_header + proof);
    known.given.number = ++leased_;
    known.usable = known.used = true;
    return std::exchange(known.waiting, {});
  }

  /// There is none; returns the calls that have waited for it.
  std::vector<call_id> refuse(const identity& as) {
    auto& known = all_[as];
    known.demanded = false;
    return std::exchange(known.waiting, {});
  }

  /// The auth actor asks which session is wanted; answered when one is.
  demand_promise auth_asks(demand_promise question) {
    auth_question_ = question;
    answer_auth();
    return question;
  }

  /// The end: the auth actor gets `why` as its answer.
  void end(const failure& why) {
    if (auth_question_.pending())
      auth_question_.deliver(to_error(why));
  }

private:
  struct entry {
    session current;
    lease given;
    bool usable = false;
    bool demanded = false;
    /// Since room was made last.
    bool used = false;
    std::vector<call_id> waiting;
  };

  void answer_auth() {
    if (demands_.empty() || !auth_question_.pending())
      return;
    auth_question_.deliver(std::move(demands_.front()));
    demands_.pop_front();
  }

  /// Removes an eighth of all leases, so that it is not needed for each new identity. No call waits
  /// for a lease that is removed.
  void make_room() {
    auto enough = most_ - most_ / 8;
    for (int turn = 0; turn < 2 && all_.size() >= enough; ++turn)
      for (auto each = all_.begin(); each != all_.end() && all_.size() >= enough;) {
        auto& [as, known] = *each;
        auto busy = known.demanded || !known.waiting.empty() || !as.user().value();
        if (busy || std::exchange(known.used, false))
          ++each;
        else
          each = all_.erase(each);
      }
  }

  std::size_t most_;
  std::uint64_t leased_ = 0;
  std::unordered_map<identity, entry> all_;
  std::deque<session_wanted> demands_;
  demand_promise auth_question_;
};

} // namespace tutti
