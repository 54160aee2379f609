// The message by which a core actor is asked to take nothing more and to say when it is idle.
#pragma once

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace tutti {

/// Ask: refuse new requests with `shutting_down`; answered when nothing is under way any more (im:
/// no asker waits; http: nothing is on the wire, for what waits to be tried again may wait for
/// ever).
struct drain {};

/// Answer: it is so.
struct drained {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, drain&) {
  return f(caf::meta::type_name("drain"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, drained&) {
  return f(caf::meta::type_name("drained"));
}

using draining = caf::replies_to<drain>::with<drained>;

/// What Tutti's own http and im actors understand beside their protocols.
using drain_actor = caf::typed_actor<draining>;

/// The part of an actor that answers `drain`.
class drain_state {
public:
  using promise = caf::typed_response_promise<drained>;

  /// Whether new requests are to be refused.
  bool begun() const noexcept { return begun_; }

  /// Takes the `drain` that `self` handles; answered now if `idle`, else by `update`.
  template <class Self>
  promise begin(Self* self, bool idle) {
    begun_ = true;
    asked_ = self->template make_response_promise<promise>();
    auto answer = asked_;
    update(idle);
    return answer;
  }

  /// To be called when the last request may have ended, and on exit.
  void update(bool idle) {
    if (idle && asked_.pending())
      asked_.deliver(drained{});
  }

private:
  bool begun_ = false;
  promise asked_;
};

} // namespace tutti
