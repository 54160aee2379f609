// The seam between deciding and sending: what http_actor needs of a transport.
#pragma once

#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace tutti::crypto {
class client_certificate;
}

namespace tutti::transport {

/// Names one request towards the transport; chosen by the sender, never 0.
using exchange_id = std::uint64_t;

/// One request as the transport needs it. The views need to hold during `client::send` only.
struct outgoing {
  service to = service::pod;
  http_method method = http_method::get;
  /// Path and query, without the host's context.
  std::string_view target;
  /// Further header lines, each `name: value\r\n`.
  std::string_view headers;
  std::string_view body;
  /// What follows it, read while it is sent; null: nothing.
  std::shared_ptr<const body_source> rest{};
  /// Shown when the host asks; such a request goes over connections of its own. null: none.
  std::shared_ptr<const crypto::client_certificate> certificate{};
  /// Not on a connection that has served before: one of those has failed it.
  bool fresh = false;
  /// `headers` has a Content-Type; else a body counts as JSON.
  bool content_type_given = false;
};

/// Of header lines `name: value\r\n`.
bool has_content_type(std::string_view headers);

/// How an exchange ended.
struct outcome {
  /// The answer, or `unreachable`, `tls_failed`, `protocol_error`.
  result<http_response> answer;
  /// The connection had served before and was closed by the host before a byte of the answer came:
  /// the usual race with a host's idle timeout.
  bool stale_connection = false;
};

/// Called at the end of each exchange, on the transport's thread.
class listener {
public:
  virtual void completed(exchange_id which, outcome how) = 0;

protected:
  ~listener() = default;
};

/// Sends requests. It decides nothing: how many at once, for how long and how often is the
/// caller's business. Used from one thread, the one it calls back on.
class client {
public:
  virtual ~client() = default;

  /// Sets whom to call; before the first `send`. null: calls nothing; outcomes of what is under
  /// way are dropped.
  virtual void listen(listener* who) = 0;

  /// Sends it; completes later, never within the call.
  virtual void send(exchange_id which, const outgoing& request) = 0;

  /// Gives it up, without a completion. An id that is gone does no harm.
  virtual void cancel(exchange_id which) = 0;

  /// It has had no answer for long. True when it waits on a connection that has served before and
  /// not a byte has come: connections that were idle already when it was sent are closed, for they
  /// may swallow what is sent as that one may do.
  virtual bool suspect(exchange_id which) {
    (void)which; // Without connections to keep there is none to suspect.
    return false;
  }

  /// Whether it has not been sent yet for want of a file descriptor: that says nothing of the host.
  virtual bool waits_for_descriptor(exchange_id which) const {
    (void)which;
    return false;
  }

  /// The host of that service is in trouble, or may have moved: what is sent from now on goes over
  /// connections that are opened from now on, to addresses looked up again.
  virtual void reconnect(service to) { (void)to; }
};

} // namespace tutti::transport
