// The transport of a bot: pooled keep-alive connections on Asio and Beast.
#pragma once

#include <transport/client.hpp>
#include <transport/tls/trust_keeper.hpp>

#include <tutti/config.hpp>

#include <boost/asio/io_context.hpp>

#include <array>
#include <memory>

namespace tutti::transport {

/// A client whose connections live on `io`; used and destroyed on the thread that runs it. Opens a
/// connection when none is idle: the caller's bound on requests in flight bounds connections too.
/// `tls` may be null when no host has the scheme https; it is made again from `trust` when the
/// files of that change.
std::unique_ptr<client> make_pool(boost::asio::io_context& io,
                                  const std::array<host_config, service_count>& hosts,
                                  const http_config& settings, const tls_context& tls = nullptr,
                                  trust_source trust = {});

} // namespace tutti::transport
