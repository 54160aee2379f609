// A small HTTP server for plugins: answers processes of the same host, on a thread of its own.
#pragma once

#include <tutti/export.hpp>
#include <tutti/log.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti {

/// One request.
struct local_request {
  /// `GET`, `POST`, ...
  std::string method;
  /// Without the query.
  std::string path;
  /// Decoded; of a key given twice the last.
  std::map<std::string, std::string> query;
  /// Header `Authorization`, empty for none.
  std::string authorization;
  std::string body;
};

/// Its answer.
struct local_answer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  /// Further headers, e.g. `{"Retry-After", "1"}`.
  std::vector<std::pair<std::string, std::string>> headers;
};

struct local_server_options {
  /// Where it listens: an IP address of this host.
  std::string address = "127.0.0.1";
  /// 0: a free one.
  std::uint16_t port = 0;
  /// Larger bodies are answered with 413; 1 byte to 64 MiB.
  std::size_t max_body = std::size_t{64} << 10;
  /// Connections at once, 1 to 10,000, and never more than a quarter of the descriptors this
  /// process may open. One more takes the place of one whose client has hung up, or else has been
  /// idle for longest, and is answered with 503 when all are busy.
  std::size_t max_connections = 256;
  /// Names it answers to besides those of the loopback and its own address. A request whose `Host`
  /// is none of them gets 421: a page in a browser cannot reach it under a name of its own.
  std::vector<std::string> hosts;
  /// A connection is closed when a whole request has not come within this time, counted from its
  /// start or the previous answer, or when an answer could not be written within it.
  std::chrono::milliseconds idle{30'000};
};

/// What keeps a server from being opened with these options, naming the option as a plugin's
/// setting (`maxBody: ...`); empty: nothing.
TUTTI_API std::string flaw_of(const local_server_options& options);

/// HTTP/1.1 without TLS. Requests that are no HTTP are answered with 400; a client that gets 401
/// waits longer each time, and is disconnected after the sixth.
class TUTTI_API local_server {
public:
  /// Takes the answer, from any thread, once; dropped without one the request gets 500.
  using respond = std::function<void(local_answer)>;
  /// Called on the server's thread for each request; must not wait.
  using handler = std::function<void(const local_request&, respond)>;

  /// Listens and serves. What the handler throws is logged and answered with 500. Fails with
  /// `errc::misconfigured` for options out of range and for an address or port that cannot be used;
  /// code `address_in_use` when another process listens there.
  static result<std::unique_ptr<local_server>> open(const local_server_options& options,
                                                    handler handle, logger log = {});

  /// Stops without grace.
  ~local_server();
  local_server(const local_server&) = delete;
  local_server& operator=(const local_server&) = delete;

  std::uint16_t port() const noexcept;

  /// Takes no new requests, lets those under way be answered within `grace`, answers the others
  /// with 503 (`shutting_down`), and closes.
  void stop(std::chrono::milliseconds grace) noexcept;

private:
  class impl;
  explicit local_server(std::unique_ptr<impl> made);
  std::unique_ptr<impl> impl_;
};

/// Whether `address` is an IP address.
TUTTI_API bool is_address(std::string_view address);

/// Whether `address` is one of the loopback: `127.0.0.0/8`, `::1`.
TUTTI_API bool is_loopback(std::string_view address);

} // namespace tutti
