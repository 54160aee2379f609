// What users and connections have in common: one kind of look-up, many askers, few calls.
#pragma once

#include <actors/requests/batch.hpp>
#include <wire/endpoints.hpp>

#include <tutti/protocol/http.hpp>

#include <caf/meta/type_name.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <map>
#include <set>
#include <utility>

namespace tutti {

/// Tell, to oneself: look up now. Questions in the mailbox before it join the same call.
struct send_batch {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, send_batch&) {
  return f(caf::meta::type_name("send_batch"));
}

/// Part of an actor that accepts `send_batch`. Look-ups with different keys never share a call.
/// `Answer` holds what was found as its one member.
template <class Key, class Answer, class Asked = participant_set, class Found = participant_set>
class batched_look_up {
public:
  using promise = caf::typed_response_promise<Answer>;
  using make_call = std::function<http_call(const Key&, const Asked&)>;
  using read_answer = std::function<result<Found>(const Key&, const Asked&, const http_response&)>;

  batched_look_up(http_actor http, make_call make, read_answer read)
      : http_(std::move(http)), make_(std::move(make)), read_(std::move(read)) {}

  /// Takes the question of the message being handled.
  template <class Self>
  promise add(Self* self, const Key& key, Asked users) {
    auto asker = self->template make_response_promise<promise>();
    if (users.empty()) { // No user to look up.
      asker.deliver(Answer{});
      return asker;
    }
    batches_[key].add(std::move(users), asker);
    if (planned_.insert(key).second && planned_.size() == 1)
      self->send(self, send_batch{});
    return asker;
  }

  /// To be called on `send_batch`.
  template <class Self>
  void on_send_batch(Self* self) {
    for (const auto& key : std::exchange(planned_, {}))
      fly(self, key);
  }

  /// To be called on exit: every asker gets `why`.
  void end(const failure& why) {
    for (auto& [key, look_ups] : batches_)
      for (auto& each : look_ups.abandon())
        each.promise.deliver(to_error(why));
    http_ = nullptr;
  }

private:
  template <class Self>
  void fly(Self* self, const Key& key) {
    auto look_ups = batches_.find(key);
    if (look_ups == batches_.end() || look_ups->second.in_flight())
      return;
    auto users = look_ups->second.next(wire::max_users_per_call);
    if (users.empty()) {
      batches_.erase(look_ups);
      return;
    }
    // http always answers, by its own deadline at the latest.
    auto call = make_(key, users);
    self->request(http_, caf::infinite, std::move(call))
        .then(
            [this, self, key, users = std::move(users)](const http_response& response) {
              answered(self, key, read_(key, users, response));
            },
            [this, self, key](const caf::error& why) { answered(self, key, to_failure(why)); });
  }

  template <class Self>
  void answered(Self* self, const Key& key, const result<Found>& found) {
    for (auto& each : batches_[key].answered()) {
      if (found)
        each.promise.deliver(Answer{among(each.users, *found)});
      else
        each.promise.deliver(to_error(found.error()));
    }
    fly(self, key);
  }

  http_actor http_;
  make_call make_;
  read_answer read_;
  std::map<Key, batch<promise, Asked>> batches_;
  std::set<Key> planned_;
};

} // namespace tutti
