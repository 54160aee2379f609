// A whole bot: from its start to its first IM, and while nobody asks it anything.
#include <bench/meter.hpp>
#include <bench/options.hpp>

#include <tutti/bot.hpp>

#include <fmt/format.h>

#include <thread>

namespace tutti::bench {

namespace {

void open_first(bot& made) {
  auto started = made.start();
  auto opened = started ? made.ask(create_im{.participants = {*user_id::make(1)}}).get()
                        : result<im_created>{started.error()};
  if (opened)
    return;
  fmt::print(stderr, "tutti-bench: {}\n", to_string(opened.error()));
  std::exit(1);
}

} // namespace

void start(const options& given) {
  meter used;
  bot made{settings_of(given)};
  open_first(made);
  auto cost = used.stop();
  fmt::print(R"({{"cpu_ms":{:.3f},"wall_ms":{:.3f}}})"
             "\n",
             cost.cpu_seconds * 1e3, cost.wall_seconds * 1e3);
}

void idle(const options& given) {
  auto settings = settings_of(given);
  settings.im.directory = {};
  bot made{std::move(settings)};
  open_first(made);
  constexpr std::chrono::seconds quiet{1};
  std::this_thread::sleep_for(quiet);
  meter used;
  std::this_thread::sleep_for(std::chrono::seconds{given.requests});
  auto cost = used.stop();
  fmt::print(R"({{"cpu_ms_per_second":{:.4f},"resident_kb":{}}})"
             "\n",
             cost.cpu_seconds * 1e3 / cost.wall_seconds, memory() / 1024);
}

} // namespace tutti::bench
