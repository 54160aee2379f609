// What `bot::ask` is made of: which core actor a message is for, and the call that carries it.
#pragma once

#include <tutti/detail/asked_call.hpp>
#include <tutti/detail/core_answer.hpp>

namespace tutti {

/// The answer to a message of the core, e.g. `im_created` for `create_im`.
template <class Message>
using answer_of = typename detail::core_answer<Message, detail::core_index<Message>()>::answer;

} // namespace tutti
