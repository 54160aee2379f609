// A core to measure, with its loop; ended in good order.
#pragma once

#include <bench/asker.hpp>

#include <actors/loop/loop.hpp>
#include <actors/spawn.hpp>
#include <transport/pool.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <functional>
#include <memory>

namespace tutti::bench {

class bench_core {
public:
  using make_transport =
      std::function<std::unique_ptr<transport::client>(boost::asio::io_context&, const config&)>;

  bench_core(config settings, const make_transport& transport);
  ~bench_core();

  bench_core(const bench_core&) = delete;
  bench_core& operator=(const bench_core&) = delete;

  const core& handles() const noexcept { return handles_; }
  caf::actor_system& system() noexcept { return system_; }
  const std::shared_ptr<loop_unit>& unit() const noexcept { return loop_.unit(); }
  const telemetry& life() const noexcept { return *telemetry_; }

  enum class place { loop, scheduler };
  asker_actor make_asker(place where);

  /// Blocks until the lap is done.
  lap_done run(const asker_actor& whom, lap wanted);

private:
  struct sharing : caf::actor_system_config {
    sharing();
  };

  config settings_;
  sharing system_config_;
  caf::actor_system system_;
  loop loop_;
  std::shared_ptr<directory> known_;
  std::shared_ptr<telemetry> telemetry_ = std::make_shared<telemetry>();
  core handles_;
  caf::scoped_actor self_;
  std::vector<asker_actor> askers_;
};

} // namespace tutti::bench
