// What the http actor tells the outside of its hosts: how they fare, and what they have to do.
#pragma once

#include <actors/http/host_watch.hpp>
#include <actors/vitals.hpp>

#include <tutti/log.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace tutti {

/// Hosts are known by the number of their group.
class host_reports {
public:
  using time_point = http::host_watch::time_point;

  host_reports(std::array<std::string, 4> names, std::shared_ptr<vitals> life, logger log)
      : names_(std::move(names)), life_(std::move(life)), log_(std::move(log)) {}

  /// For people; empty for a host that is not configured.
  const std::string& name(std::size_t host) const { return names_[host]; }

  /// It has answered; true when it had been lost.
  bool answered(std::size_t host, time_point now) {
    if (!watches_[host].answered(now))
      return false;
    log_.info("host_back", {{"host", names_[host]}});
    life_->hosts[host].lost.set(0);
    life_->board.clear(trouble(host));
    return true;
  }

  /// It has not, or with a server error, what was sent at `sent`.
  void silent(std::size_t host, time_point sent, const std::string& why) {
    auto fresh = !watches_[host].lost();
    if (!watches_[host].failed(sent))
      return;
    if (fresh)
      log_.warn("host_lost", {{"host", names_[host]}, {"why", why}});
    life_->hosts[host].lost.set(1);
    life_->board.raise(trouble(host), why);
  }

  /// Requests on the wire, and all taken in.
  void load(std::size_t host, std::size_t in_flight, std::size_t held) {
    life_->hosts[host].in_flight.set(in_flight);
    life_->hosts[host].held.set(held);
  }

private:
  std::string trouble(std::size_t host) const { return host_trouble + names_[host]; }

  std::array<std::string, 4> names_;
  std::shared_ptr<vitals> life_;
  logger log_;
  std::array<http::host_watch, 4> watches_;
};

} // namespace tutti
