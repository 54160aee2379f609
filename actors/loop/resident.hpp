// The base of actors that live on an Asio loop.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/protocol/error.hpp>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <memory>

namespace tutti {

/// Mixed into CAF's actor class `Base`: the actor runs on the thread of a `loop_unit`, so that it
/// may touch what lives there. With a null unit it is an ordinary scheduled actor: that is how
/// tests run it under virtual time.
template <class Base>
class on_loop : public Base {
public:
  on_loop(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit)
      : Base(cfg), unit_(std::move(unit)) {
    this->set_exception_handler(
        [](caf::scheduled_actor*, std::exception_ptr& thrown) { return to_error(thrown); });
  }

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* from) override {
    Base::enqueue(std::move(what), unit_ ? unit_.get() : from);
  }

  void enqueue(caf::strong_actor_ptr sender, caf::message_id id, caf::message content,
               caf::execution_unit* from) override {
    Base::enqueue(std::move(sender), id, std::move(content), unit_ ? unit_.get() : from);
  }

  caf::resumable::subtype_t subtype() const override {
    return unit_ ? caf::resumable::io_actor : Base::subtype();
  }

protected:
  /// To be called first by a handler that something else than CAF runs on the loop, such as a
  /// completion: what it sends and delivers then wakes its receivers the right way.
  void entered() noexcept { this->context(unit_.get()); }

  /// Runs such a handler; what it throws ends the actor, as if CAF had called it.
  template <class Handler>
  void enter(Handler&& handle) {
    entered();
    try {
      handle();
    } catch (...) { // The edge between the loop and an actor.
      auto thrown = std::current_exception();
      this->send_exit(this, to_error(thrown));
    }
  }

  /// The clock deadlines are kept by; virtual in tests.
  std::chrono::steady_clock::time_point now() { return this->system().clock().now(); }

  /// For `on_exit`: what those who still wait are told.
  failure ending() const {
    if (this->fail_state_ == caf::exit_reason::user_shutdown || !this->fail_state_)
      return {errc::shutting_down, "the bot is stopping", 0, {}};
    return {errc::internal,
            "the core met a defect and is made anew; ask again, and report what the log says",
            0,
            {}};
  }

private:
  std::shared_ptr<loop_unit> unit_;
};

/// The base of core actors: a typed actor on the loop.
template <class Handle>
class resident;

template <class... Sigs>
class resident<caf::typed_actor<Sigs...>> : public on_loop<caf::typed_event_based_actor<Sigs...>> {
public:
  using on_loop<caf::typed_event_based_actor<Sigs...>>::on_loop;
};

/// Spawns a resident of class `C` on `unit`.
template <class C, class... Args>
auto spawn_resident(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                    Args&&... args) {
  caf::actor_config cfg{unit.get()};
  return system.template spawn_impl<C, caf::no_spawn_options>(cfg, unit,
                                                              std::forward<Args>(args)...);
}

} // namespace tutti
