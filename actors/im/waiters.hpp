// Those reply wait for an IM, from request to answer, and the bot in whose name most of them ask.
#pragma once

#include <actors/loop/unique_promise.hpp>
#include <actors/requests/ticketed.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/protocol/im.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

using im_waiter_id = std::uint64_t;

/// One asker, from its request to its answer.
struct im_waiter {
  unique_promise<im_created> reply;
  std::uint64_t flight = 0;
  std::chrono::milliseconds patience{0};
};

/// All of them. Each is answered once and counted once.
class im_waiters : public ticketed<im_waiter> {
public:
  explicit im_waiters(std::shared_ptr<telemetry> counters) : telemetry_(std::move(counters)) {}

  /// From now on it waits, as long as it has asked for or else `usual`.
  template <class Self>
  id insert(Self* self, const create_im& request, unique_promise<im_created>&& reply,
            timer_wheel::time_point now, std::chrono::milliseconds usual) {
    auto due = due_time(now, request.timeout, usual);
    auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(due - now);
    auto made = ticketed::insert(self, {std::move(reply), 0, patience}, request.ticket, due);
    telemetry_->waiting.set(size());
    return made;
  }

  template <class Self>
  void answer(Self* self, id which, im_created&& what) {
    if (auto gone = take(which))
      answer(self, std::move(gone->reply), std::move(what));
  }
  template <class Self>
  void fail(Self* self, id which, const failure& why) {
    if (auto gone = take(which))
      fail(self, std::move(gone->reply), why);
  }

  /// The same for one that has not had to wait.
  template <class Self>
  void answer(Self* self, unique_promise<im_created>&& reply, im_created&& what) {
    telemetry_->opened[static_cast<std::size_t>(what.origin)].add();
    reply.answer(self, std::move(what));
  }
  template <class Self>
  void fail(Self* self, unique_promise<im_created>&& reply, const failure& why) {
    if (static_cast<std::size_t>(why.error) < errc_count) // A replaced actor may say anything.
      telemetry_->not_opened[static_cast<std::size_t>(why.error)].add();
    reply.fail(self, why);
  }

private:
  std::optional<im_waiter> take(id which) {
    auto gone = ticketed::take(which);
    telemetry_->waiting.set(size());
    return gone;
  }

  std::shared_ptr<telemetry> telemetry_;
};

/// A request that came before its caller's own id was known.
struct parked_im {
  im_waiter_id waiter;
  create_im request;
};

/// The bot: its own id, or those reply wait for it.
struct im_caller {
  std::optional<user_id> id;
  /// The id is of the directory's file: the next request has the pod asked whether it still holds.
  bool must_confirm = false;
  std::vector<parked_im> waiting;
};

} // namespace tutti
