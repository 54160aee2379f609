// Made like a bot makes it, with the loop at hand.
#include <bench/bench_core.hpp>

#include <tutti/bot.hpp>

#include <cstdlib>

namespace tutti::bench {

bench_core::sharing::sharing() {
  configure(*this);
  set("scheduler.max-threads", 1);
}

bench_core::bench_core(config settings, const make_transport& transport)
    : settings_(std::move(settings)), system_(system_config_), loop_(system_),
      known_(std::make_shared<directory>(settings_.im.directory)), self_(system_) {
  spawn_core(handles_,
             {system_, loop_.unit(), transport(loop_.io(), settings_), known_, telemetry_},
             settings_, {}, {});
}

bench_core::~bench_core() {
  auto end = [this](const auto& handle) {
    self_->send_exit(handle, caf::exit_reason::user_shutdown);
    self_->wait_for(handle);
  };
  for (auto& each : askers_)
    end(each);
  each_core_member_top_down([&](const char*, auto member) { end(handles_.*member); });
}

asker_actor bench_core::make_asker(place where) {
  askers_.push_back(
      where == place::loop
          ? spawn_resident<asker<resident<asker_actor>>>(system_, loop_.unit(), handles_.im)
          : asker_actor{system_.spawn<asker<asker_actor::base>>(handles_.im)});
  return askers_.back();
}

lap_done bench_core::run(const asker_actor& whom, lap wanted) {
  lap_done done;
  self_->request(whom, caf::infinite, wanted)
      .receive([&](const lap_done& came) { done = came; },
               [&](const caf::error& error) {
                 std::fprintf(stderr, "tutti-bench: %s\n", to_string(error).c_str());
                 std::exit(1);
               });
  return done;
}

} // namespace tutti::bench
