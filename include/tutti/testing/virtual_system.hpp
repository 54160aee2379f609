// An actor system whose scheduler and clock move only when the test calls them.
#pragma once

#include <tutti/protocol/error.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace tutti::testing {

/// What came back for one question.
template <class Answer>
class asked {
public:
  bool settled() const { return state_->value || state_->why; }
  bool ok() const { return state_->value.has_value(); }
  /// Times an answer of either kind came; more than once is a defect.
  int times() const { return state_->times; }
  const Answer& operator*() const { return *state_->value; }
  const Answer* operator->() const { return &*state_->value; }
  const failure& why() const { return *state_->why; }
  errc error() const { return state_->why ? state_->why->error : errc{}; }

  struct state {
    std::optional<Answer> value;
    std::optional<failure> why;
    int times = 0;
  };

  std::shared_ptr<state> state_ = std::make_shared<state>();
  /// The actor that asked.
  caf::actor asker;
};

class virtual_system {
public:
  virtual_system() : system(config_) {}

  /// Runs until no actor has anything to do. The clock does not move.
  void run() {
    while (scheduler().try_run_once()) {
    }
  }

  /// Moves time on, and runs what is due.
  void advance(std::chrono::milliseconds by) {
    scheduler().clock().advance_time(by);
    run();
  }

  /// Asks `whom`, as an actor of its own. Nothing happens before `run`.
  template <class Answer, class Handle, class Question>
  asked<Answer> ask(const Handle& whom, Question question) {
    asked<Answer> pending;
    pending.asker = system.spawn([whom, question = std::move(question),
                                  state = pending.state_](caf::event_based_actor* self) {
      self->request(whom, caf::infinite, question)
          .then(
              [state](const Answer& answer) {
                state->value = answer;
                ++state->times;
              },
              [state](const caf::error& error) {
                state->why = to_failure(error);
                ++state->times;
              });
    });
    return pending;
  }

  /// Ends an actor at once.
  template <class Handle>
  void kill(const Handle& whom) {
    caf::anon_send_exit(whom, caf::exit_reason::user_shutdown);
    run();
  }

  caf::scheduler::test_coordinator& scheduler() {
    return static_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

private:
  struct testing_config : caf::actor_system_config {
    testing_config() { set("scheduler.policy", caf::atom("testing")); }
  };
  testing_config config_;

public:
  caf::actor_system system;
};

} // namespace tutti::testing
