// Which core actor answers a message, and with what; found among the members of `core`.
#pragma once

#include <tutti/core.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace tutti::detail {

template <class Message, class Signature>
struct answer_by {
  using type = void;
};
template <class Message, class Answer>
struct answer_by<Message,
                 caf::typed_mpi<caf::detail::type_list<Message>, caf::output_tuple<Answer>>> {
  using type = Answer;
};

template <class... Types>
struct first_but_void {
  using type = void;
};
template <class First, class... Rest>
struct first_but_void<First, Rest...> {
  using type =
      std::conditional_t<std::is_void_v<First>, typename first_but_void<Rest...>::type, First>;
};

template <class Message, class Handle>
struct answer_from;
template <class Message, class... Signatures>
struct answer_from<Message, caf::typed_actor<Signatures...>> {
  using type = typename first_but_void<typename answer_by<Message, Signatures>::type...>::type;
};

template <class Handle>
Handle handle_of(Handle core::*);

/// Looks through the members of `core` for the one that answers `Message`.
template <class Message, std::size_t I = 0>
struct core_answer {
  static_assert(I < std::tuple_size_v<decltype(core_members)>,
                "no core actor answers this message: see tutti/protocol, or name the actor: "
                "bot.ask(actor, message)");
  using handle = decltype(handle_of(std::get<I>(core_members).handle));
  using answer = typename answer_from<Message, handle>::type;
  static constexpr bool here = !std::is_void_v<answer>;
};

template <class Message, std::size_t I = 0>
constexpr std::size_t core_index() {
  if constexpr (core_answer<Message, I>::here)
    return I;
  else
    return core_index<Message, I + 1>();
}

} // namespace tutti::detail
