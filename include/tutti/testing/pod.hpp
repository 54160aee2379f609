// A pod in the test's own process, on a free port of the loopback.
#pragma once

#include <tutti/config.hpp>
#include <tutti/ids.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tutti::testing {

/// The emulator of `tutti-pod`. What it is asked is counted; it can fail, be slow, be away.
class TUTTI_API pod {
public:
  /// The pod of a seed (YAML, as for `tutti-pod --seed`); without one: the bot `my-bot`, `ada` and
  /// `ben` of its own company, and of another one `xenia`, connected with the bot, and `zoe`, who
  /// is not. Throws std::runtime_error for a seed that is none.
  explicit pod(const std::string& seed = {});
  ~pod();
  pod(const pod&) = delete;
  pod& operator=(const pod&) = delete;

  /// The configuration of a bot that may log in here. Logs nothing.
  config bot_config(const std::string& username = "my-bot");

  /// Throws std::out_of_range when no user has that name.
  user_id id_of(const std::string& username) const;

  std::uint16_t port() const;

  // -- people -----------------------------------------------------------------------

  /// `from` writes to `to` in their IM, which is opened when there is none; as a client writes it:
  /// `@name`, `#tag` and `$TICKER` are what they look like. Answers the message's id. Throws
  /// std::runtime_error with what the pod refuses.
  std::string say(const std::string& from, const std::string& to, const std::string& text);
  /// What has been said in their IM, the oldest first; as a person reads it.
  std::vector<std::string> texts(const std::string& one, const std::string& other) const;

  // -- the wire ---------------------------------------------------------------------

  /// How often a route was asked for, e.g. `POST /pod/v1/im/create`.
  int count(const std::string& route) const;

  /// Blocks until a route has been asked for `count` times.
  void wait_for(const std::string& route, int count) const;

  /// How long answers of a route take, e.g. `/pod/v1/im/create`.
  void set_delay(const std::string& path, std::chrono::milliseconds time);

  /// What goes wrong, as `POST /emulator/faults` of `tutti-pod` takes it: a JSON array of
  /// `{path, status, body, contentType, retryAfter, acts, expireSessions, delay, hang, reset, cut,
  /// malformed, chunked, gzip, close, drip, count, probability, seed}`. Throws std::runtime_error.
  void set_faults(const std::string& json);

  /// Ends every session, as an administrator can.
  void expire_sessions();

  /// Away: connections are refused until `start`. Users and IMs are kept, sessions are not.
  void stop();
  void start();

private:
  class state;
  std::unique_ptr<state> state_;
};

} // namespace tutti::testing
