// A stand-in for an actor: keeps what it is asked until the test says what comes back.
#pragma once

#include <tutti/ask.hpp>
#include <tutti/testing/virtual_system.hpp>

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tutti::testing {

namespace detail {

/// Tell, to a scripted actor: do this, as yourself.
struct turn {
  std::function<void()> act;
};

/// What arrived of one kind of message.
template <class Signature>
struct arrivals;

template <class Message, class Answer>
struct arrivals<caf::typed_mpi<caf::detail::type_list<Message>, caf::output_tuple<Answer>>> {
  using message = Message;
  using promise = std::conditional_t<std::is_void_v<Answer>, std::nullptr_t,
                                     caf::typed_response_promise<Answer>>;

  std::vector<Message> all;
  /// In step with `all`.
  std::vector<promise> promises;
  /// Those before it have been answered.
  std::size_t next = 0;
};

} // namespace detail

} // namespace tutti::testing

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::testing::detail::turn)

namespace tutti::testing {

/// An actor of the type `Handle`, for a deterministic test.
template <class Handle>
class scripted;

template <class... Signatures>
class scripted<caf::typed_actor<Signatures...>> {
public:
  using handle_type = caf::typed_actor<Signatures...>;

  explicit scripted(virtual_system& sys)
      : sys_(sys), actor_(sys.system.spawn<conduct>(script_)), handle_(actor_) {}

  scripted(const scripted&) = delete;
  scripted& operator=(const scripted&) = delete;

  ~scripted() {
    sys_.kill(handle_);
    *script_ = {}; // A promise holds its actor, and the actor this script.
  }

  const handle_type& handle() const noexcept { return handle_; }

  /// All messages of that type that have arrived, in order.
  template <class Message>
  const std::vector<Message>& received() const {
    return of<Message>().all;
  }

  /// The oldest that has not been answered. Throws std::logic_error when there is none.
  template <class Message>
  const Message& waiting() const {
    const auto& row = of<Message>();
    if (row.next >= row.all.size())
      throw std::logic_error{"no such message waits for an answer; " +
                             std::to_string(row.all.size()) + " have come"};
    return row.all[row.next];
  }

  /// Answers it, and runs all actors that then have something to do.
  template <class Message>
  void answer(typename tutti::detail::answer_from<Message, handle_type>::type value) {
    settle<Message>([value = std::move(value)](auto& promise) { promise.deliver(value); });
  }

  /// The same with a failure.
  template <class Message>
  void fail(failure why) {
    settle<Message>([why = std::move(why)](auto& promise) { promise.deliver(to_error(why)); });
  }

private:
  using script = std::tuple<detail::arrivals<Signatures>...>;
  using with_turns = caf::typed_event_based_actor<Signatures..., caf::reacts_to<detail::turn>>;

  class conduct final : public with_turns {
  public:
    conduct(caf::actor_config& cfg, std::shared_ptr<script> kept)
        : with_turns(cfg), script_(std::move(kept)) {}

    typename with_turns::behavior_type make_behavior() override {
      return {keep<detail::arrivals<Signatures>>()..., [](detail::turn& one) { one.act(); }};
    }

  private:
    template <class Row>
    auto keep() {
      using message = typename Row::message;
      using promise = typename Row::promise;
      auto& row = std::get<Row>(*script_);
      if constexpr (std::is_same_v<promise, std::nullptr_t>)
        return [&row](message& told) { row.all.push_back(std::move(told)); };
      else
        return [this, &row](message& asked) {
          auto made = this->template make_response_promise<promise>();
          row.all.push_back(std::move(asked));
          row.promises.push_back(made);
          return made;
        };
    }

    std::shared_ptr<script> script_;
  };

  template <class Message, std::size_t I = 0>
  static constexpr std::size_t index() {
    if constexpr (std::is_same_v<typename std::tuple_element_t<I, script>::message, Message>)
      return I;
    else
      return index<Message, I + 1>();
  }

  template <class Message>
  auto& of() const {
    return std::get<index<Message>()>(*script_);
  }

  template <class Message, class How>
  void settle(How how) {
    waiting<Message>();
    auto& row = of<Message>();
    auto which = row.next++;
    caf::anon_send(actor_, detail::turn{[&row, which, how] { how(row.promises[which]); }});
    sys_.run();
  }

  virtual_system& sys_;
  std::shared_ptr<script> script_ = std::make_shared<script>();
  caf::typed_actor<Signatures..., caf::reacts_to<detail::turn>> actor_;
  handle_type handle_;
};

} // namespace tutti::testing
