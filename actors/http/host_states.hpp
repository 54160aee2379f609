// All hosts of a deployment, and when the http actor looks at each of them again.
#pragma once

#include <actors/http/host_state.hpp>
#include <actors/requests/tick.hpp>
#include <transport/hosts.hpp>

#include <tutti/config.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

class host_states {
public:
  host_states(const config& settings, const std::shared_ptr<telemetry>& life, const logger& log)
      : groups_(transport::host_groups(settings.hosts)) {
    for (std::size_t host = 0; host < settings.hosts.size(); ++host) {
      all_.emplace_back(settings, host, life, log);
      patience_[host] = settings.hosts[host].read_timeout.count() == 0
                            ? std::chrono::milliseconds::max()
                            : settings.hosts[host].read_timeout;
    }
  }

  host_state& operator[](std::size_t host) { return all_[host]; }

  /// The host of that service.
  std::size_t of(service which) const { return groups_[static_cast<std::size_t>(which)]; }

  /// Of a call that brings no deadline.
  std::chrono::milliseconds patience(service which) const {
    return patience_[static_cast<std::size_t>(which)];
  }

  /// No request is on the wire.
  bool idle() const {
    return std::all_of(all_.begin(), all_.end(),
                       [](const auto& each) { return each.queue().in_flight() == 0; });
  }

  void show() {
    for (auto& each : all_)
      each.show();
  }

private:
  std::vector<host_state> all_;
  /// By service.
  std::array<std::size_t, service_count> groups_;
  std::array<std::chrono::milliseconds, service_count> patience_{};
};

/// When to look at each host though nothing happens. `self` is woken by `tick`.
class host_timers {
public:
  using time_point = timer_wheel::time_point;

  /// While requests to it are on the wire, a host is checked this often.
  static constexpr std::chrono::seconds silence_watch{5};

  /// A request went out.
  template <class Self>
  void watch(Self* self, std::size_t host, time_point now) {
    if (!std::exchange(watched_[host], true))
      silences_.keep(self, now + silence_watch, host);
  }

  /// It was checked, and is checked again when requests are `on_the_wire`.
  template <class Self>
  bool watch_on(Self* self, std::size_t host, bool on_the_wire, time_point now) {
    watched_[host] = false;
    if (on_the_wire)
      watch(self, host, now);
    return on_the_wire;
  }

  /// A second look at its requests is due then, if ever.
  template <class Self>
  void plan_second_look(Self* self, std::size_t host, std::optional<time_point> due) {
    if (due)
      second_looks_.keep(self, *due, host);
  }

  /// Its queue may move then, if ever: time alone holds it up.
  template <class Self>
  void plan_opening(Self* self, std::size_t host, std::optional<time_point> due) {
    if (due && !std::exchange(planned_[host], true))
      openings_.keep(self, *due, host);
  }
  bool opening_planned(std::size_t host) const noexcept { return planned_[host]; }

  /// To be called on `tick`, with what to do for a host in each of the three cases.
  template <class Self, class Silence, class SecondLook, class Opening>
  void on_tick(Self* self, time_point now, Silence&& silence, SecondLook&& second_look,
               Opening&& opening) {
    silences_.on_tick(self, now, silence);
    second_looks_.on_tick(self, now, second_look);
    openings_.on_tick(self, now, [&](std::size_t host) {
      planned_[host] = false;
      opening(host);
    });
  }

private:
  ticking_timers silences_;
  ticking_timers second_looks_;
  std::array<bool, service_count> watched_{};
  ticking_timers openings_;
  std::array<bool, service_count> planned_{};
};

} // namespace tutti
