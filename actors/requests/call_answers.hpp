// Questions that are one call each: the call, its reader, and the promise until it is settled.
#pragma once

#include <base/containers/slab.hpp>

#include <tutti/protocol/error.hpp>
#include <tutti/protocol/http.hpp>

#include <caf/typed_response_promise.hpp>

#include <utility>

namespace tutti {

/// A call in that identity's session.
inline http_call call_as(const identity& as, http_request request) {
  http_call call;
  call.as = as;
  call.request = std::move(request);
  return call;
}

/// The same to the agent.
inline http_call to_agent(const identity& as, http_request request) {
  auto call = call_as(as, std::move(request));
  call.to = service::agent;
  return call;
}

/// Part of an actor; every asker gets an answer when it ends.
template <class Answer>
class call_answers {
public:
  using promise = caf::typed_response_promise<Answer>;

  /// Answers the message being handled with what `read` makes of the call's response:
  /// `result<Answer>`.
  template <class Self, class Read>
  promise ask(Self* self, const http_actor& http, http_call call, Read read) {
    auto asker = self->template make_response_promise<promise>();
    auto id = waiting_.insert(asker);
    // http always answers, by its own deadline at the latest.
    self->request(http, caf::infinite, std::move(call))
        .then([this, id, read = std::move(read)](
                  const http_response& response) { settle(id, read(response)); },
              [this, id](const caf::error& why) { settle(id, to_failure(why)); });
    return asker;
  }

  /// To be called on exit: every asker gets `why`.
  void end(const failure& why) {
    for (auto id : waiting_.ids())
      settle(id, why);
  }

private:
  void settle(typename slab<promise>::id id, const result<Answer>& answer) {
    auto asker = waiting_.take(id);
    if (!asker)
      return;
    if (answer)
      asker->deliver(*answer);
    else
      asker->deliver(to_error(answer.error()));
  }

  slab<promise> waiting_;
};

/// A failure on behalf of a user, with the permission the app may lack; any other as it is.
inline failure with_permission(failure why, const identity& as, const char* permission) {
  if (why.error == errc::not_entitled && !as.is_bot()) {
    why.detail.append("; on behalf of a user the app needs the permission ").append(permission);
    why.code = "obo";
  }
  return why;
}

} // namespace tutti
