// The TLS context of a pool, made again when the files it was made from have changed.
#pragma once

#include <base/threads/job_door.hpp>
#include <transport/tls/tls.hpp>

#include <tutti/log.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace tutti::transport {

/// Where a context came from, and where it is logged that another took its place.
struct trust_source {
  tls_config settings;
  logger log;
};

/// Used on the thread of `io`. Files are looked at on a thread of its own.
class trust_keeper {
public:
  trust_keeper(boost::asio::io_context& io, tls_context first, trust_source from);

  /// The newest; every ten seconds at most it has the files looked at. Connections that are open
  /// keep theirs.
  const tls_context& current();

  /// Takes no newer one any more.
  void close() { door_->close(); }

private:
  void looked(const std::string& files, const result<tls_context>& made);

  std::shared_ptr<job_door> door_;
  tls_context current_;
  const trust_source from_;
  std::string files_;
  std::chrono::steady_clock::time_point next_look_;
  bool looking_ = false;
};

} // namespace tutti::transport
