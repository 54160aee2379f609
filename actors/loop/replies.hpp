// Answers to an actor's requests, found by their number.
#pragma once

#include <base/containers/slab.hpp>

#include <tutti/protocol/error.hpp>

#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

namespace tutti {

/// What an actor does with the answers it waits for. CAF 0.17.6 keeps such handlers in a list it
/// searches from the front and closes up after each answer: with thousands of requests open, that
/// is most of what an answer costs. Here the request's id leads to the handler.
class replies {
public:
  /// The id of a request whose answer goes to `good(const Answer&)`, or `bad(const caf::error&)`.
  template <class Answer, class Good, class Bad>
  caf::message_id expect(Good good, Bad bad) {
    using both = handlers<Good, Bad>;
    static_assert(std::is_trivially_copyable_v<both> && sizeof(both) <= room,
                  "capture the actor and an id or two; what is larger belongs into the actor");
    entry made;
    ::new (static_cast<void*>(made.storage.data())) both{good, bad};
    made.call = &call<Answer, both>;
    return caf::message_id{number_of(entries_.insert(made)) | normal};
  }

  /// Calls the handler of `answer`; false when it is not for one of these.
  bool take(caf::mailbox_element& answer) {
    auto number = answer.mid.request_id().integer_value();
    if (!answer.mid.is_response() || (number & ours) == 0)
      return false;
    if (auto found = entries_.take(id_of(number)))
      found->call(found->storage.data(), answer);
    return true; // Without a handler it is late, and is dropped.
  }

private:
  static constexpr std::size_t room = 48;
  /// CAF counts its own requests from 1 and does not get so far.
  static constexpr std::uint64_t ours = std::uint64_t{1} << 59;
  static constexpr std::uint64_t normal = caf::message_id::default_async_value;
  /// Requests open at once: 2^27.
  static constexpr int index_bits = 27;

  struct entry {
    alignas(std::max_align_t) std::array<std::byte, room> storage;
    void (*call)(void*, caf::mailbox_element&) = nullptr;
  };
  using id = slab<entry>::id;

  template <class Good, class Bad>
  struct handlers {
    Good good;
    Bad bad;
  };

  template <class Answer, class Both>
  static void call(void* where, caf::mailbox_element& answer) {
    auto& handle = *std::launder(static_cast<Both*>(where));
    auto& content = answer.content();
    if (content.template match_elements<Answer>())
      handle.good(content.template get_as<Answer>(0));
    else if (content.template match_elements<caf::error>())
      handle.bad(content.template get_as<caf::error>(0));
    else
      handle.bad(to_error({errc::internal, "an actor gave an answer of a foreign type", 0, {}}));
  }

  static std::uint64_t number_of(id which) noexcept {
    return ours | ((which >> 32) << index_bits & (ours - 1)) | static_cast<std::uint32_t>(which);
  }
  static id id_of(std::uint64_t number) noexcept {
    return (number & (ours - 1)) >> index_bits << 32 |
           (number & ((std::uint64_t{1} << index_bits) - 1));
  }

  slab<entry> entries_;
};

} // namespace tutti
