// A whole bot, linked to libtutti.so as a user's is: from its start to its first IM, and while
// it gets no requests.
// usage: tutti-bench-bot KEY PORT SECONDS [AUTHORITY]
// If SECONDS is 0, prints the CPU time until the first IM is open, the program's loading included.
// Else stays idle for SECONDS after that, and prints the CPU time used per second meanwhile and the
// resident memory instead. AUTHORITY (PEM): over TLS.
#include <bench/cpu_ms.hpp>

#include <tutti/bot.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace {

using namespace tutti;
using bench::cpu_ms;

config settings_of(const char* key, int port, const char* authority) {
  config settings;
  settings.hosts.fill(
      {authority ? "https" : "http", "127.0.0.1", static_cast<std::uint16_t>(port), ""});
  if (authority)
    settings.tls.trust_store_path = authority;
  settings.bot.username = "bench";
  settings.bot.private_key.path = key;
  settings.log.level = log_level::warn;
  return settings;
}

long resident_kb() {
  long pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> pages; // The second: resident.
  return pages * sysconf(_SC_PAGESIZE) / 1024;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: tutti-bench-bot KEY PORT SECONDS [AUTHORITY]\n", stderr);
    return 2;
  }
  bot made{settings_of(argv[1], std::atoi(argv[2]), argc > 4 ? argv[4] : nullptr)};
  auto started = made.start();
  auto opened = started ? made.ask(create_im{.participants = {*user_id::make(1)}}).get()
                        : result<im_created>{started.error()};
  if (!opened) {
    std::fprintf(stderr, "tutti-bench-bot: %s\n", to_string(opened.error()).c_str());
    return 1;
  }
  auto first_im = cpu_ms();
  auto seconds = std::atoi(argv[3]);
  if (seconds == 0) {
    std::printf("{\"first_im_ms\":%.3f}\n", first_im);
    return 0;
  }
  // What the start leaves behind is over by then.
  std::this_thread::sleep_for(std::chrono::seconds{1});
  auto before = cpu_ms();
  std::this_thread::sleep_for(std::chrono::seconds{seconds});
  std::printf("{\"cpu_ms_per_second\":%.4f,\"resident_kb\":%ld}\n", (cpu_ms() - before) / seconds,
              resident_kb());
  return 0;
}
