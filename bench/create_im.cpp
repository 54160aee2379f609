// CPU per Create IM through the actors: keeps so many requests in flight and counts what they cost.
// usage: tutti-bench loop|scheduler PORT KEY_FILE REQUESTS IN_FLIGHT   (see bench/run.py)
#include <actors/http/pool.hpp>
#include <actors/loop/loop.hpp>
#include <actors/loop/resident.hpp>
#include <actors/spawn.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

using namespace tutti;

/// Users the requests go round in: more than the directory keeps, so that every request flies.
constexpr std::int64_t users = 2'000;
constexpr std::size_t directory_capacity = 200;

struct lap {
  std::int64_t requests = 0;
  std::int64_t in_flight = 0;
};
struct lap_done {
  std::int64_t from_pod = 0;
  std::int64_t otherwise = 0;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, lap& x) {
  return f(caf::meta::type_name("lap"), x.requests, x.in_flight);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, lap_done& x) {
  return f(caf::meta::type_name("lap_done"), x.from_pod, x.otherwise);
}

using asker_actor = caf::typed_actor<caf::replies_to<lap>::with<lap_done>>;

/// Asks for the next IM as soon as one is open. On the loop, or with a null unit on the scheduler.
class asker final : public resident<asker_actor> {
public:
  asker(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, im_actor im)
      : resident<asker_actor>(cfg, std::move(unit)), im_(std::move(im)) {}

protected:
  behavior_type make_behavior() override {
    return {[this](const lap& wanted) {
      promise_ = make_response_promise<caf::typed_response_promise<lap_done>>();
      left_ = wanted.requests;
      open_ = 0;
      done_ = {};
      for (std::int64_t i = 0; i < wanted.in_flight && left_ > 0; ++i)
        ask();
      return promise_;
    }};
  }

private:
  void ask() {
    --left_;
    ++open_;
    next_ = next_ % users + 1;
    request(im_, caf::infinite, create_im{.participants = {*user_id::make(next_)}})
        .then(
            [this](const im_created& opened) {
              ++(opened.origin == im_origin::pod ? done_.from_pod : done_.otherwise);
              settled();
            },
            [this](const caf::error& error) {
              if (done_.otherwise++ == 0)
                std::fprintf(stderr, "tutti-bench: %s\n", to_string(to_failure(error)).c_str());
              settled();
            });
  }

  void settled() {
    --open_;
    if (left_ > 0)
      ask();
    else if (open_ == 0)
      promise_.deliver(done_);
  }

  im_actor im_;
  caf::typed_response_promise<lap_done> promise_;
  std::int64_t left_ = 0;
  std::int64_t open_ = 0;
  std::int64_t next_ = 0;
  lap_done done_;
};

struct sharing : caf::actor_system_config {
  sharing() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 1);
  }
};

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

lap_done run(caf::scoped_actor& self, const asker_actor& whom, lap wanted) {
  lap_done done;
  self->request(whom, caf::infinite, wanted)
      .receive([&](const lap_done& came) { done = came; },
               [&](const caf::error& error) {
                 std::fprintf(stderr, "tutti-bench: %s\n", to_string(error).c_str());
                 std::exit(1);
               });
  return done;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 6 || (std::strcmp(argv[1], "loop") != 0 && std::strcmp(argv[1], "scheduler") != 0)) {
    std::fputs("usage: tutti-bench loop|scheduler PORT KEY_FILE REQUESTS IN_FLIGHT\n", stderr);
    return 64;
  }
  const auto wanted = lap{std::atoll(argv[4]), std::atoll(argv[5])};

  config settings;
  settings.hosts.fill({"http", "127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[2])), ""});
  settings.bot = {"bench", argv[3], ""};
  settings.im.directory.capacity = directory_capacity;
  settings.entitlements.ttl = std::chrono::hours{1};
  settings.http.max_in_flight = static_cast<std::size_t>(wanted.in_flight);

  sharing system_config;
  caf::actor_system system{system_config};
  loop running{system};
  core handles;
  spawn_core(handles,
             {system, running.unit(), http::make_pool(running.io(), settings.hosts, settings.http),
              std::make_shared<directory>(settings.im.directory)},
             settings, {}, {});
  auto on_loop = std::strcmp(argv[1], "loop") == 0;
  auto whom = spawn_resident<asker>(system, on_loop ? running.unit() : nullptr, handles.im);

  caf::scoped_actor self{system};
  // Logs in, opens the connections and has the entitlements of every user at hand.
  run(self, whom, {users, wanted.in_flight});

  auto cpu = cpu_seconds();
  auto wall = std::chrono::steady_clock::now();
  auto done = run(self, whom, wanted);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - wall;
  cpu = cpu_seconds() - cpu;

  std::printf("{\"requests\":%lld,\"cpu_us\":%.4f,\"per_second\":%.0f}\n",
              static_cast<long long>(done.from_pod),
              cpu * 1e6 / static_cast<double>(wanted.requests),
              static_cast<double>(wanted.requests) / took.count());
  auto end = [&](const auto& handle) {
    self->send_exit(handle, caf::exit_reason::user_shutdown);
    self->wait_for(handle);
  };
  end(whom);
  end(handles.im);
  end(handles.entitlement);
  end(handles.connections);
  end(handles.users);
  end(handles.auth);
  end(handles.http);
  if (done.otherwise != 0) {
    std::fprintf(stderr, "tutti-bench: %lld requests did not reach the wire or failed\n",
                 static_cast<long long>(done.otherwise));
    return 1;
  }
  return 0;
}
