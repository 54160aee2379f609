// An answer an actor owes.
#pragma once

#include <tutti/protocol/error.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>

#include <utility>

namespace tutti {

/// Goes to the sender of a request, once: CAF does not report a request that was never answered.
/// Unlike CAF's promise it cannot be copied, and an answer costs one allocation.
template <class Answer>
class unique_promise {
public:
  /// Owed to no actor.
  unique_promise() = default;

  /// Who has sent `request`, which then counts as answered.
  explicit unique_promise(caf::mailbox_element& request)
      : who_(std::move(request.sender)), stages_(std::move(request.stages)), id_(request.mid) {
    request.mid.mark_as_answered();
  }

  unique_promise(unique_promise&& other) noexcept = default;
  unique_promise& operator=(unique_promise&& other) noexcept = default;

  bool pending() const noexcept { return who_ != nullptr || !stages_.empty(); }

  /// Whether the asker has ended and can receive no answer: CAF does not report it.
  bool gone() const {
    auto* asker = who_ ? caf::actor_cast<caf::abstract_actor*>(who_) : nullptr;
    return asker && asker->getf(caf::abstract_actor::is_terminated_flag);
  }

  /// The actor `self`, which was asked, answers. A second answer is dropped.
  template <class Self>
  void answer(Self* self, Answer&& what) {
    settle(self, std::move(what));
  }
  template <class Self>
  void fail(Self* self, const failure& why) {
    settle(self, to_error(why));
  }

private:
  template <class Self, class What>
  void settle(Self* self, What&& what) {
    if (!pending())
      return;
    auto who = std::exchange(who_, nullptr);
    auto* here = self->context();
    if (stages_.empty())
      return caf::actor_cast<caf::abstract_actor*>(who)->enqueue(
          caf::make_mailbox_element(caf::strong_actor_ptr{self->ctrl()}, id_.response_id(), {},
                                    std::forward<What>(what)),
          here);
    // The request was composed of several actors: the next one gets it.
    auto next = std::move(stages_.back());
    stages_.pop_back();
    caf::actor_cast<caf::abstract_actor*>(next)->enqueue(
        caf::make_mailbox_element(std::move(who), id_, std::exchange(stages_, {}),
                                  std::forward<What>(what)),
        here);
  }

  caf::strong_actor_ptr who_;
  caf::mailbox_element::forwarding_stack stages_;
  caf::message_id id_;
};

} // namespace tutti
