// What systemd wants to hear of a service (sd_notify(3), without its library).
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tutti::command {

/// Sends `state`, e.g. `READY=1`, to the service manager that started this process; nothing happens
/// without one.
inline void tell_service_manager(std::string_view state) {
  const char* place = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (!place || std::strlen(place) < 2 || std::strlen(place) >= sizeof address.sun_path)
    return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, place, std::strlen(place));
  if (*place == '@') // An abstract address.
    address.sun_path[0] = '\0';
  auto socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return;
  auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(place));
  // A service manager that cannot be reached is no failure.
  [[maybe_unused]] auto sent = ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL,
                                        reinterpret_cast<const sockaddr*>(&address), size);
  ::close(socket);
}

} // namespace tutti::command
