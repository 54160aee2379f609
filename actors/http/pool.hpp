// The transport of a bot: pooled keep-alive connections on Asio and Beast.
#pragma once

#include <actors/http/client.hpp>

#include <tutti/config.hpp>

#include <boost/asio/io_context.hpp>

#include <array>
#include <memory>

namespace tutti::http {

/// A client whose connections live on `io`; used and destroyed on the thread that runs it. Opens a
/// connection when none is idle: the caller's bound on requests in flight bounds connections too.
std::unique_ptr<client> make_pool(boost::asio::io_context& io,
                                  const std::array<host_config, 4>& hosts,
                                  const http_config& settings);

} // namespace tutti::http
