// The part of the dispatch actor that writes what handlers leave, and reads it for them.
#pragma once

#include <actors/dispatch/unkept.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/drain.hpp>
#include <actors/requests/tick.hpp>
#include <base/containers/slab.hpp>

#include <tutti/protocol/dispatch.hpp>
#include <tutti/protocol/journal.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// Tell, to itself: a handler has ended.
struct handler_ended {
  std::uint64_t number = 0;
  int attempt = 0;
  std::shared_ptr<handling> what;
};

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::handler_ended)

namespace tutti {

using dispatch_base =
    resident<dispatch_actor::extend<caf::reacts_to<handler_ended>, caf::reacts_to<tick>, draining>>;

/// One write at a time; reads see what is not written yet.
class journal_writer : public dispatch_base {
public:
  journal_writer(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, journal_actor journal)
      : dispatch_base(cfg, std::move(unit)), journal_(std::move(journal)) {}

protected:
  /// What is written now has survived.
  virtual void on_written(const std::vector<event_end>& all) = 0;
  /// It is to be written again after a pause, by `write_again`.
  virtual void on_not_written(const caf::error& why) = 0;

  void write(event_end&& what) {
    unkept_.add(std::move(what));
    write_next();
  }

  void write_again() {
    unkept_.not_written();
    write_next();
  }

  bool all_written() const noexcept { return unkept_.empty(); }

  caf::delegated<state_kept> on_keep(event_end&& what) {
    auto reply = take_promise<state_kept>();
    if (what.number == 0) {
      reply.fail(this, {errc::rejected, "keep_state: what is kept is of an event", 0, "journal"});
      return {};
    }
    keeping_.push_back(std::move(reply));
    what.goes_on = true;
    write(std::move(what));
    return {};
  }

  caf::delegated<state_read> on_read(std::string scope) {
    const auto id = reading_.insert({scope, take_promise<state_read>()});
    ask(
        journal_, read_stored_state{std::move(scope)},
        [this, id](const stored_state_read& stored) {
          if (auto one = reading_.take(id))
            one->reply.answer(this, state_read{unkept_.applied(one->scope, stored.values)});
        },
        [this, id](const caf::error& error) {
          if (auto one = reading_.take(id))
            one->reply.fail(this, to_failure(error));
        });
    return {};
  }

  void on_exit() override {
    for (auto& each : keeping_)
      each.fail(this, ending());
    for (auto id : reading_.ids())
      reading_.take(id)->reply.fail(this, ending());
    journal_ = nullptr;
  }

  journal_actor journal_;

private:
  /// All that has come in one question; the next one when it is answered.
  void write_next() {
    auto all = unkept_.begin_write();
    if (all.empty())
      return;
    ask(
        journal_, end_events{std::move(all)}, [this](const events_ended&) { written(); },
        [this](const caf::error& error) { on_not_written(error); });
  }

  void written() {
    const auto all = unkept_.written();
    for (const auto& each : all)
      if (each.goes_on && each.number != 0) { // They are kept in their order.
        keeping_.front().answer(this, state_kept{});
        keeping_.pop_front();
      }
    on_written(all);
    write_next();
  }

  struct read {
    std::string scope;
    unique_promise<state_read> reply;
  };

  unkept unkept_;
  slab<read> reading_;
  std::deque<unique_promise<state_kept>> keeping_;
};

} // namespace tutti
