// Bots that live in a test: who has no threads waits by running what is left to do.
#include <tutti/detail/virtual_bot.hpp>

#include <bot/state.hpp>

#include <caf/send.hpp>

namespace tutti {

namespace detail {

std::unique_ptr<bot> make_virtual_bot(virtual_ground ground, config settings,
                                      core_factories replacements, std::shared_ptr<log_sink> sink) {
  auto& system = ground.system;
  auto made =
      std::make_unique<bot>(system, std::move(settings), std::move(replacements), std::move(sink));
  bot_access::state_of(*made).ground.emplace(std::move(ground));
  return made;
}

void kill_virtual_bot(bot& one) {
  bot_access::state_of(one).end_virtually();
}

} // namespace detail

void bot::state::end_virtually() noexcept {
  if (!running)
    return;
  life->board.enter(health_state::stopping);
  auto last = handles();
  auto kill = [this](const auto& whom) {
    if (whom)
      caf::anon_send_exit(whom, caf::exit_reason::user_shutdown);
    ground->run();
  };
  kill(std::exchange(supervisor, nullptr));
  kill(take_probe());
  const auto now = ending::clock::now();
  heard->close();
  plugins.stop(now + std::chrono::seconds{1});
  for (const auto& each : conversations.close())
    kill(each);
  for (const auto& each : supervisors.close())
    kill(each);
  auto jobs_of_this_run = runner();
  jobs_of_this_run->begin_end();
  kill(ask_at->asker());
  ask_at->open(nullptr);
  use({});
  each_core_member_top_down(
      [&](const char*, auto member) { kill(std::exchange(last.*member, nullptr)); });
  jobs_of_this_run->close(now);
  running->end(now + std::chrono::seconds{1});
  heard->end_actors();
  heard->forget_all();
  plugins.destroy();
  running.reset();
  life->board.enter(health_state::stopped);
}

} // namespace tutti
