// The message by which an actor has itself run a job that another thread has made.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <functional>

namespace tutti {

/// Tell, to itself: run this.
struct run_here {
  std::function<void()> job;
};

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::run_here)
