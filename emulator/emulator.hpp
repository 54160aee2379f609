// A pod on your desk, serving HTTP on loopback. The front door for tests and for tutti-pod.
#pragma once

#include <emulator/control/control.hpp>
#include <emulator/crypto/certificate.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::emulator {

struct server_options {
  /// 0: a free one.
  std::uint16_t port = 0;
  /// How long answers take, by route; `default` for the others.
  std::map<std::string, std::chrono::milliseconds> service_times;
  /// As for `POST /emulator/faults`, from the first request on.
  std::string faults = "[]";
  /// What every path begins with, as behind a gateway, e.g. `/gateway`.
  std::string context;
  /// Serve TLS with this one; clients may show certificates of its authority, or of
  /// `client_authority` (PEM).
  std::optional<certificate> tls;
  std::string client_authority;
};

/// Serves until destroyed, on a thread of its own. Beside the pod's routes it has its own, without
/// a session: `GET /emulator/requests`, `GET /emulator/users` (ids by username),
/// `POST /emulator/requests/clear`, `POST /emulator/sessions/expire`, `POST
/// /emulator/service-times`, `POST /emulator/faults` (see faults.hpp), `POST /emulator/clock`.
class server {
public:
  /// The state may be looked at by others again once the server has been destroyed.
  server(std::shared_ptr<pod> state, server_options options);
  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Where it listens, on 127.0.0.1.
  std::uint16_t port() const;

  /// What it has seen so far, without its own routes.
  std::vector<seen_request> requests() const;
  /// How often each route was asked for, as `POST /pod/v1/im/create`.
  std::map<std::string, int> request_counts() const;
  void clear_requests();
  connection_counts connections() const;
  /// Whether no more than `most` are open before `time` has passed.
  bool wait_for_connections(int most, std::chrono::milliseconds time) const;
  /// Blocks until that route has been asked for `count` times, e.g. `POST /pod/v1/im/create`.
  void wait_for(const std::string& route, int count) const;

  /// As `POST /emulator/faults`; throws std::runtime_error for a text that is none.
  void set_faults(const std::string& json);
  /// How far the pod's clock is ahead of this machine's.
  void set_clock_ahead(std::chrono::seconds time);
  void set_service_time(const std::string& route, std::chrono::milliseconds time);

  /// Looks at or changes the pod between two requests.
  void with_pod(const std::function<void(pod&)>& act);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace tutti::emulator
