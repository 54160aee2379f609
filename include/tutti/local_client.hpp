// A small HTTP client for services beside the bot: a model server, a team's own service. Plain
// HTTP, on a thread of its own; Symphony's hosts are called by the http actor.
#pragma once

#include <tutti/export.hpp>
#include <tutti/pending.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

class bot;

/// One request.
struct local_call {
  /// `http://host:port/path?query`; there is no TLS.
  std::string url;
  std::string method = "POST";
  std::string body{};
  /// Of the body; sent when there is one.
  std::string content_type = "application/json";
  /// Further ones, e.g. `{"Authorization", "Bearer ..."}`.
  std::vector<std::pair<std::string, std::string>> headers{};
  /// Of the whole call; of `open` until the answer begins, and then of each part.
  std::chrono::milliseconds timeout{10'000};
  /// A longer answer of `send` is `protocol_error`.
  std::size_t max_body = std::size_t{1} << 20;
};

/// Its answer, whatever the status.
struct local_reply {
  int status = 0;
  std::string content_type{};
  std::string body{};
};

/// An answer whose body comes part by part, as a model server sends it. One that is dropped closes
/// its connection; the client outlives it.
class TUTTI_API local_stream {
public:
  int status() const noexcept;
  const std::string& content_type() const noexcept;
  /// The bytes that come next, as soon as there are some; empty at the end. One at a time.
  pending<std::string> next();

  class state;
  explicit local_stream(std::shared_ptr<state> made) : state_(std::move(made)) {}

private:
  std::shared_ptr<state> state_;
};

/// For coroutines of that bot, which it must not outlive. Each call has a connection of its own;
/// none is repeated. Errors: `misconfigured` for an URL that is none, `unreachable`,
/// `deadline_exceeded`, `protocol_error` for what is no HTTP, `shutting_down` after `stop`.
class TUTTI_API local_client {
public:
  explicit local_client(tutti::bot& owner);
  ~local_client();
  local_client(const local_client&) = delete;
  local_client& operator=(const local_client&) = delete;

  pending<local_reply> send(local_call what);
  /// Answered when the answer's head has come.
  pending<local_stream> open(local_call what);

  /// Fails what is under way, and all that comes.
  void stop() noexcept;

  /// What keeps an URL from being called; empty: nothing.
  static std::string flaw_of(const std::string& url);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace tutti
