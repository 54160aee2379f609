// A bot at a pod, and a service beside it.
#pragma once

#include <tutti/bot.hpp>
#include <tutti/local_client.hpp>
#include <tutti/local_server.hpp>
#include <tutti/testing/pod.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace tutti::testing {

class local_client_fixture : public ::testing::Test {
public:
  void SetUp() override {
    running = std::make_unique<bot>(pod.bot_config());
    ASSERT_TRUE(running->start());
  }

  std::string serve(local_server::handler handle) {
    local_server_options options;
    options.max_body = std::size_t{4} << 20;
    served = std::move(*local_server::open(options, std::move(handle)));
    return "http://127.0.0.1:" + std::to_string(served->port());
  }

  /// Of this machine, that no process listens on.
  static std::string closed_port() {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor probe{io, {boost::asio::ip::address_v4::loopback(), 0}};
    return std::to_string(probe.local_endpoint().port());
  }

  static local_call to(std::string url, std::string body = {}) {
    local_call made;
    made.url = std::move(url);
    made.body = std::move(body);
    made.timeout = std::chrono::seconds{5};
    return made;
  }

  tutti::testing::pod pod;
  std::unique_ptr<bot> running;
  std::unique_ptr<local_server> served;
};

} // namespace tutti::testing
