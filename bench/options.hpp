// What the measurements have in common.
#pragma once

#include <bench/asker.hpp>

#include <tutti/config.hpp>

#include <cstdint>
#include <string>

namespace tutti::bench {

/// Far fewer than the users the requests go round in, so that every request flies.
inline constexpr std::size_t small_directory = 200;

/// From the command line.
struct options {
  std::string key;
  std::uint16_t port = 0;
  /// PEM file of the pod's authority; empty: plain HTTP.
  std::string authority;
  std::int64_t requests = 100'000;
  /// Users the requests go round in.
  std::int64_t users = 2'000;
  std::int64_t in_flight = 64;
  std::int64_t waiting = 0;
  std::int64_t identities = 1;
  std::int64_t per_second = 0;
  bool on_scheduler = false;
};

config settings_of(const options& given);

/// Ends the program when the pod was not asked as often as it should have been.
void require(bool good, const lap_done& done);

// Each prints its line; see main.cpp.
void caf_pair(const options& given);
void requests(const options& given);
void asked_by_threads(const options& given);
void count(const options& given);
void cold_duplicates(const options& given);
void warm_duplicates(const options& given);
void expired_session(const options& given);
void known_to_actor(const options& given);
void known_to_thread(const options& given);
void many_identities(const options& given);
void memory_of_known(const options& given);
void memory_of_waiting(const options& given);

} // namespace tutti::bench
