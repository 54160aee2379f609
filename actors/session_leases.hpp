// The sessions lent to http, and who waits for one.
#pragma once

#include <actors/slab.hpp>
#include <actors/wire/endpoints.hpp>

#include <tutti/protocol/http.hpp>

#include <caf/typed_response_promise.hpp>

#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti {

/// Part of the http actor: one lease for each identity. Calls are known by a number.
class session_leases {
public:
  using call_id = std::uint64_t;
  using demand_promise = caf::typed_response_promise<session_wanted>;

  /// A session that may be used.
  struct lease {
    /// Ready for the wire.
    std::string header;
    /// Counts the sessions of this identity.
    std::uint64_t number = 0;
  };

  /// null: there is none to use now.
  const lease* usable(const identity& as) {
    const auto& known = all_[as];
    return known.usable ? &known.given : nullptr;
  }

  /// Waits for a session; the lender is told when nobody has told it yet.
  void await(const identity& as, call_id who) {
    auto& wanted = all_[as];
    wanted.waiting.push_back(who);
    if (!std::exchange(wanted.demanded, true))
      demands_.push_back({as, wanted.current});
    tell_lender();
  }

  /// Waits no longer.
  void leave(const identity& as, call_id who) { std::erase(all_[as].waiting, who); }

  /// The session of that number met a 401; false when it is not the one in use any more.
  bool expired(const identity& as, std::uint64_t number) {
    auto& known = all_[as];
    if (!known.usable || known.given.number != number)
      return false;
    known.usable = false;
    return true;
  }

  /// A new session; answers who has waited for it.
  std::vector<call_id> lend(lease_session& given) {
    auto& known = all_[given.as];
    known.demanded = false;
    known.current = std::move(given.current);
    known.given.header = wire::session_header(known.current);
    ++known.given.number;
    known.usable = true;
    return std::exchange(known.waiting, {});
  }

  /// There is none; answers who has waited for it.
  std::vector<call_id> refuse(const identity& as) {
    auto& known = all_[as];
    known.demanded = false;
    return std::exchange(known.waiting, {});
  }

  /// The lender asks what is wanted; answered when something is.
  void lender_waits(demand_promise lender) {
    lender_ = std::move(lender);
    tell_lender();
  }

  /// The end: the lender is told.
  void end(const failure& why) {
    if (lender_.pending())
      lender_.deliver(to_error(why));
  }

private:
  struct entry {
    session current;
    lease given;
    bool usable = false;
    bool demanded = false;
    std::vector<call_id> waiting;
  };

  void tell_lender() {
    if (demands_.empty() || !lender_.pending())
      return;
    lender_.deliver(std::move(demands_.front()));
    demands_.pop_front();
  }

  std::unordered_map<identity, entry> all_;
  std::deque<session_wanted> demands_;
  demand_promise lender_;
};

} // namespace tutti
