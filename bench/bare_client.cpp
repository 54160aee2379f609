// The floor: Create IM over bare sockets and epoll, without a library but OpenSSL.
// usage: tutti-bench-bare PORT REQUESTS CONNECTIONS PER_SECOND [tls]
// PER_SECOND 0: the next request as soon as one is answered; else so many a second.
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "tutti-bench-bare: %s\n", what);
  std::exit(1);
}

struct peer {
  int socket = -1;
  SSL* tls = nullptr;
  clock_type::time_point since;
};

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

int connected(int port) {
  auto made = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(made, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
    die("no connection");
  int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return made;
}

/// A request of the size Tutti sends, to a user of its own.
std::string request_of(long number) {
  auto body = "[" + std::to_string(number % 2'000 + 1) + "]";
  return "POST /pod/v1/im/create HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
         "User-Agent: bare\r\nsessionToken: " +
         std::string(760, 't') +
         "\r\nX-Trace-Id: AAAAAA\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Not ru_maxrss: what the process was started from counts there too.
long peak_kb() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (long kb = 0; word == "VmHWM:" && status >> kb)
      return kb;
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 5)
    die("usage: tutti-bench-bare PORT REQUESTS CONNECTIONS PER_SECOND [tls]");
  const long requests = std::atol(argv[2]);
  const auto connections = static_cast<std::size_t>(std::atol(argv[3]));
  const long per_second = std::atol(argv[4]);
  SSL_CTX* context = argc > 5 ? SSL_CTX_new(TLS_client_method()) : nullptr;
  if (context)
    SSL_CTX_set_read_ahead(context, 1);

  auto poll = epoll_create1(0);
  std::vector<peer> peers(connections);
  for (auto& one : peers) {
    one.socket = connected(std::atoi(argv[1]));
    if (context) {
      one.tls = SSL_new(context);
      SSL_set_fd(one.tls, one.socket);
      if (SSL_connect(one.tls) != 1)
        die("no TLS");
    }
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.ptr = &one;
    epoll_ctl(poll, EPOLL_CTL_ADD, one.socket, &wanted);
  }

  std::vector<std::chrono::nanoseconds> latencies;
  latencies.reserve(static_cast<std::size_t>(requests));
  std::vector<peer*> idle;
  for (auto& one : peers)
    idle.push_back(&one);
  long sent = 0;
  long done = 0;
  const auto cpu = cpu_seconds();
  const auto began = clock_type::now();
  auto due = [&](long number) {
    return began + std::chrono::nanoseconds{number * 1'000'000'000 / per_second};
  };
  auto send_next = [&] {
    while (sent < requests && !idle.empty() &&
           (per_second == 0 || due(sent) <= clock_type::now())) {
      auto* one = idle.back();
      idle.pop_back();
      one->since = per_second == 0 ? clock_type::now() : due(sent);
      auto text = request_of(sent++);
      auto size = static_cast<int>(text.size());
      auto written = one->tls ? SSL_write(one->tls, text.data(), size)
                              : static_cast<int>(write(one->socket, text.data(), text.size()));
      if (written != size)
        die("a request could not be written");
    }
  };

  std::array<epoll_event, 256> events{};
  std::array<char, 16'384> room{};
  send_next();
  while (done < requests) {
    auto ready =
        epoll_wait(poll, events.data(), static_cast<int>(events.size()), per_second == 0 ? -1 : 1);
    for (int i = 0; i < ready; ++i) {
      auto* one = static_cast<peer*>(events[static_cast<std::size_t>(i)].data.ptr);
      auto got = one->tls ? SSL_read(one->tls, room.data(), static_cast<int>(room.size()))
                          : static_cast<int>(read(one->socket, room.data(), room.size()));
      if (got <= 0 && one->tls && SSL_get_error(one->tls, got) == SSL_ERROR_WANT_READ)
        continue;
      if (got <= 0)
        die("a connection was closed");
      if (std::memcmp(room.data(), "HTTP/1.1 200", 12) != 0)
        die("an answer is not 200");
      ++done;
      latencies.push_back(clock_type::now() - one->since);
      idle.push_back(one);
      send_next();
    }
    send_next();
  }
  const std::chrono::duration<double> took = clock_type::now() - began;
  const auto used = cpu_seconds() - cpu;
  std::sort(latencies.begin(), latencies.end());
  auto at = [&](double part) {
    auto index = static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1));
    return static_cast<double>(latencies[index].count()) / 1e3;
  };
  std::printf("{\"cpu_us\":%.4f,\"per_second\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,"
              "\"p999_us\":%.1f,\"peak_kb\":%ld}\n",
              used * 1e6 / static_cast<double>(requests),
              static_cast<double>(requests) / took.count(), at(0.5), at(0.99), at(0.999),
              peak_kb());
  return 0;
}
