// A pod in this process and the configuration of a bot that knows it.
#pragma once

#include <emulator/crypto/jwt.hpp>
#include <emulator/emulator.hpp>
#include <emulator/seed.hpp>
#include <tests/support/source_dir.hpp>

#include <tutti/config.hpp>
#include <tutti/ids.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <map>
#include <string>

namespace tutti::testing {

/// One key for every test of the program: making one takes a tenth of a second.
inline const emulator::key_pair& bot_keys() {
  static const auto made = emulator::make_key_pair();
  return made;
}

/// A port of this machine that no process listens on.
inline std::uint16_t closed_port() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor probe{io, {boost::asio::ip::address_v4::loopback(), 0}};
  return probe.local_endpoint().port();
}

/// The demo's two pods, users and connections, on a free port.
class pod_fixture {
public:
  explicit pod_fixture(emulator::server_options options = {})
      : serving(make(), std::move(options)) {}

  config bot_config() const {
    config made;
    made.hosts.fill({"http", "127.0.0.1", serving.port(), ""});
    made.bot = {"demo-bot", "", bot_keys().private_pem};
    made.log.level = log_level::off;
    made.retry.max_attempts = 1;
    // Tests count requests, and stop with some under way.
    made.life.probe_interval = std::chrono::milliseconds{0};
    made.life.stop_grace = std::chrono::milliseconds{0};
    return made;
  }

  user_id id(const std::string& username) { return *user_id::make(ids.at(username)); }

  std::map<std::string, std::int64_t> ids;
  emulator::server serving;

private:
  std::shared_ptr<emulator::pod> make() {
    auto state = emulator::make_pod(emulator::load_seed(source_file("config/demo-pod.yaml")));
    for (const auto& [id, each] : state->users.all())
      ids[each.username] = id;
    state->users.set_public_key(ids.at("demo-bot"), bot_keys().public_pem);
    return state;
  }
};

} // namespace tutti::testing
