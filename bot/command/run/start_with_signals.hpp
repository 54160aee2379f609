// Starts a bot so that a signal can end the wait for its first login.
#pragma once

#include <bot/command/run/channel.hpp>
#include <bot/command/run/signals.hpp>

#include <tutti/bot.hpp>

#include <poll.h>

#include <array>
#include <csignal>
#include <thread>

namespace tutti::command {

/// What `start` answers. On a thread of its own: with `life.start: fail` it takes its time. A
/// signal to end calls `given_up`, which does not return: it ends the process, in which nothing is
/// under way that could be lost.
template <class GivenUp>
result<void> start_with_signals(bot& which, signals& from, GivenUp given_up) {
  channel<result<void>> outcome;
  // What it throws ends the process where it is thrown: to take a system down whose threads could
  // not all be started would wait for them for ever.
  std::thread starting{[&] { outcome.put(which.start()); }};
  while (true) {
    std::array<pollfd, 2> ready{{{from.fd(), POLLIN, 0}, {outcome.fd(), POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), -1);
    if (auto came = outcome.take(); !came.empty()) {
      starting.join();
      return came.front();
    }
    if (const auto signal = from.take(); signal == SIGINT || signal == SIGTERM)
      given_up();
  }
}

} // namespace tutti::command
