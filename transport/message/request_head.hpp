// The head of a request as one host gets it: what never changes is spelt once.
#pragma once

#include <transport/client.hpp>

#include <tutti/config.hpp>

#include <string>

namespace tutti::transport {

class request_head {
public:
  explicit request_head(const host_config& host);

  /// `GET /pod/... HTTP/1.1` and all lines after it, body included, but for its rest.
  void write(std::string& into, const outgoing& request) const;

private:
  /// Before the request's target: the host's context, and for a proxy on plain HTTP all of its
  /// address (RFC 9112, 3.2.2).
  std::string before_;
  /// After it, up to the request's own lines.
  std::string after_;
};

} // namespace tutti::transport
