// The pod with what surrounds it: faults, service times, a clock, a record of what it has seen, and
// the routes by which these are set and read.
#pragma once

#include <emulator/routes/routes.hpp>
#include <emulator/server/faults.hpp>
#include <emulator/state/pod.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

/// One request the pod saw.
struct seen_request {
  std::string method;
  /// As sent, with its query.
  std::string target;
  /// The route that matched, e.g. `/pod/v1/admin/user/{uid}/features`; empty for none.
  std::string route;
  std::string session_token;
  /// Header `Authorization`.
  std::string authorization;
  /// The common name of the client certificate shown; empty: none.
  std::string certificate;
  /// Header `X-Trace-Id`.
  std::string trace;
  /// Header `Content-Type`.
  std::string content_type;
  std::string body;
  int status = 0;
};

/// How connections came about.
struct connection_counts {
  int accepted = 0;
  /// Not ended yet, by either side.
  int open = 0;
  /// TLS handshakes that were finished, and those of them that took an earlier session up.
  int tls = 0;
  int resumed = 0;
};

/// Used by one thread at a time.
struct control {
  std::shared_ptr<pod> state = std::make_shared<pod>();
  /// By route; `default` for the others.
  std::map<std::string, std::chrono::milliseconds> service_times;
  faults injected;
  connection_counts connections;
  std::vector<seen_request> seen;
  std::chrono::seconds clock_ahead{0};

  /// The pod's time.
  time_point now() const { return std::chrono::system_clock::now() + clock_ahead; }

  /// How often each route was asked for, as `POST /pod/v1/im/create`, or target where none matched.
  std::map<std::string, int> counts() const;

  /// 0 for a request that matched no route.
  std::chrono::milliseconds service_time(const std::string& route) const;

  /// The routes under `/emulator/`.
  reply own(std::string_view method, std::string_view path, const std::string& body);

private:
  std::string requests_text() const;
  std::string users_text() const;
  reply set_service_times(const std::string& body);
  reply set_clock(const std::string& body);
};

} // namespace tutti::emulator
