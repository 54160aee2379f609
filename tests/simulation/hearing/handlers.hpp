// The handlers of a bot that answers each message, slow and faulty as chance has it.
#pragma once

#include <bot/hearing/running_handlers.hpp>
#include <tests/simulation/hearing/hostile_store.hpp>
#include <tests/simulation/kit/report.hpp>
#include <tests/simulation/kit/trace.hpp>

#include <tutti/core.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tutti::simulation {

/// What the bot says to a message.
inline std::string answer_to(const std::string& message) {
  return "heard " + message;
}

class handlers {
public:
  struct surroundings {
    caf::actor_system& system;
    chance& luck;
    event_queue& events;
    trace& kept_trace;
    report& seen;
    const hostile_store& store;
    const core& handles;
    std::function<event_queue::time_point()> clock;
    std::function<void(std::string)> object;
  };

  explicit handlers(surroundings around) : all_(std::move(around)) {}

  /// Percent of calls that fail, half of them after their answer was sent.
  void set_trouble(std::size_t percent) { trouble_ = percent; }

  void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) {
    if (!what->is_new_message())
      return done({});
    if (running_.begin(what, std::move(done)))
      start(std::move(what));
  }

  void give_up(const event& what) {
    ++all_.seen.given_up;
    given_up_.insert(what.message_id);
  }

  /// The process has ended: what ran is gone.
  void forget() {
    ++life_;
    running_.clear();
    busy_.clear();
    for (const auto& each : std::exchange(askers_, {}))
      caf::anon_send_exit(each, caf::exit_reason::kill);
  }

  bool idle() const { return running_.empty(); }
  bool was_given_up(const std::string& message) const { return given_up_.contains(message); }

private:
  using event_ptr = std::shared_ptr<const event>;

  void start(event_ptr what) {
    using namespace std::chrono_literals;
    ++all_.seen.handled;
    inspect(*what);
    const auto slow = all_.luck.percent(3);
    all_.events.at(all_.clock() + all_.luck.up_to(slow ? 60s : 500ms),
                   [this, what, life = life_] { work(what, life); });
  }

  void inspect(const event& what) {
    const auto& id = what.message_id;
    const auto stream = to_string(what.stream.id);
    all_.kept_trace.add([&] {
      return "handler       of " + id + " in " + stream + (what.marks.late ? ", late" : "") +
             (what.marks.repeated ? ", repeated" : "");
    });
    all_.seen.late += what.marks.late ? 1 : 0;
    all_.seen.repeated += what.marks.repeated ? 1 : 0;
    all_.seen.caught_up += what.marks.caught_up ? 1 : 0;
    if (!all_.store.has(id))
      all_.object(id + " is handled and not in the journal");
    if (all_.store.has_ended(id))
      all_.object(id + " is handled after its end is in the journal");
    if (!busy_.emplace(stream, id).second)
      all_.object(id + " is handled while " + busy_[stream] + " of its stream is");
    auto& newest = newest_[stream];
    if (what.at < newest && !what.marks.late && !what.marks.repeated)
      all_.object(id + " comes after a newer one of its stream and is not marked late");
    newest = std::max(newest, what.at);
  }

  void work(const event_ptr& what, int life) {
    if (life != life_)
      return;
    const auto dice = all_.luck.below(200);
    if (dice < trouble_)
      return finish(what, failure{errc::internal, "it threw", 0, {}});
    const auto throws_at_last = dice < 2 * trouble_;
    send_message asked;
    asked.to = what->stream.id;
    asked.what = outgoing_message{answer_to(what->message_id)};
    asked.marker = marker_for(*what, 1);
    asked.timeout = std::chrono::hours{24};
    auto ended = [this, what, life, throws_at_last](std::optional<failure> why) {
      if (life != life_)
        return;
      if (!why && throws_at_last)
        why = failure{errc::internal, "it threw after its answer", 0, {}};
      finish(what, std::move(why));
    };
    askers_.push_back(all_.system.spawn(
        [messages = all_.handles.messages, asked, ended](caf::event_based_actor* self) {
          self->request(messages, caf::infinite, asked)
              .then([ended](const message&) { ended(std::nullopt); },
                    [ended](const caf::error& error) { ended(to_failure(error)); });
        }));
  }

  void finish(const event_ptr& what, std::optional<failure> why) {
    all_.kept_trace.add([&] {
      return "handler       of " + what->message_id +
             (why ? " fails: " + to_string(*why) : " ends");
    });
    busy_.erase(to_string(what->stream.id));
    auto ended = running_.end(what->number);
    ended.done(handling{std::move(why)});
    if (ended.next)
      start(std::move(ended.next));
  }

  surroundings all_;
  std::size_t trouble_ = 0;
  /// Counts processes.
  int life_ = 0;
  running_handlers running_;
  /// By stream: the message that is being handled.
  std::map<std::string, std::string> busy_;
  std::vector<caf::actor> askers_;
  std::set<std::string> given_up_;
  std::map<std::string, std::chrono::system_clock::time_point> newest_;
};

/// For the core, which may outlive a process of the world.
class to_handlers final : public event_listener {
public:
  explicit to_handlers(handlers& all) : all_(all) {}
  void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) override {
    all_.handle(std::move(what), std::move(done));
  }
  void given_up(std::shared_ptr<const event> what, const failure&) override { all_.give_up(*what); }

private:
  handlers& all_;
};

} // namespace tutti::simulation
