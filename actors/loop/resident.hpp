// The base of actors that live on an Asio loop.
#pragma once

#include <actors/loop/replies.hpp>
#include <actors/loop/unique_promise.hpp>
#include <actors/loop/unit.hpp>

#include <tutti/protocol/error.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/delegated.hpp>
#include <caf/exit_reason.hpp>
#include <caf/response_type.hpp>
#include <caf/sec.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

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
    if (unit_)
      unit_->arrived();
  }

  ~on_loop() override { depart(); }

  /// Called by CAF once the actor has ended: its mailbox takes nothing more.
  bool cleanup(caf::error&& why, caf::execution_unit* from) override {
    auto first = Base::cleanup(std::move(why), from);
    depart();
    return first;
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

  using Base::consume;

  /// Called by CAF for each message; answers to `ask` do not need CAF's search.
  caf::invoke_message_result consume(caf::mailbox_element& message) override {
    time_.reset();
    if (replies_.take(message))
      return caf::invoke_message_result::consumed;
    return Base::consume(message);
  }

protected:
  /// Sends a request; `good(const Answer&)` or `bad(const caf::error&)` is called once, unless the
  /// actor has ended by then. There is no timeout: the actor asked always answers. Like
  /// `request(...).then(...)`, for small captures, at a cost that does not grow with the number of
  /// requests open. Within `good` and `bad` CAF knows of no current message: nothing is owed or
  /// promised there.
  template <class Handle, class Message, class Good, class Bad>
  void ask(const Handle& whom, Message&& message, Good good, Bad bad) {
    using answer = answer_from<Handle, std::decay_t<Message>>;
    auto id = replies_.template expect<answer>(good, bad);
    auto self = caf::strong_actor_ptr{this->ctrl()};
    if (whom)
      caf::actor_cast<caf::abstract_actor*>(whom)->enqueue(
          caf::make_mailbox_element(std::move(self), id, {}, std::forward<Message>(message)),
          this->context());
    else
      enqueue(caf::make_mailbox_element(std::move(self), id.response_id(), {},
                                        caf::make_error(caf::sec::invalid_argument)),
              this->context());
  }

  /// Who has sent the message that is being handled: to be answered later. The handler returns
  /// `caf::delegated`.
  template <class Answer>
  unique_promise<Answer> take_promise() {
    return unique_promise<Answer>{*this->current_mailbox_element()};
  }

  /// To be called first by a handler that something else than CAF runs on the loop, such as a
  /// completion: what it sends and delivers then wakes its receivers the right way.
  void entered() noexcept {
    this->context(unit_.get());
    time_.reset();
  }

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

  /// The clock deadlines are kept by; virtual in tests. Read once for each message and completion.
  std::chrono::steady_clock::time_point now() {
    if (!time_)
      time_ = this->system().clock().now();
    return *time_;
  }

  /// For `on_exit`: the failure for askers that still wait.
  failure ending() const {
    if (this->fail_state_ == caf::exit_reason::user_shutdown || !this->fail_state_)
      return {errc::shutting_down, "the bot is stopping", 0, {}};
    return {errc::internal,
            "the core met a defect and restarts; ask again, and report what the log says",
            0,
            {}};
  }

private:
  template <class Types>
  struct only;
  template <template <class...> class List, class Type>
  struct only<List<Type>> {
    using type = Type;
  };
  template <class Handle, class Message>
  using answer_from =
      typename only<typename caf::response_type<typename Handle::signatures, Message>::type>::type;

  void depart() noexcept {
    if (unit_ && !std::exchange(departed_, true))
      unit_->departed();
  }

  std::shared_ptr<loop_unit> unit_;
  bool departed_ = false;
  replies replies_;
  std::optional<std::chrono::steady_clock::time_point> time_;
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
