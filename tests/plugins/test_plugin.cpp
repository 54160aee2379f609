// A plugin for tests: says what it does, throws where its settings say, and ends core actors.
#include <tutti/plugin.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace {

using namespace tutti;

class test_plugin final : public plugin {
public:
  const char* name() const noexcept override { return "test"; }

  void settings(setting_list& all) override {
    all.add("greeting", greeting_, "what it says at start");
    all.add("throw", throw_, "start, stop, handle or actor: where it throws");
    all.add("does", does_, "exit, bot_stop, other_stop, block: what it does wrong");
    all.add("crashes", crashes_, "how many times it ends a core actor");
    all.add("answer", answer_, "what it says to each message, before its text; empty: nothing");
  }

  void hear(plugin_context& context) override {
    if (!answer_.empty())
      context.bot().on_message([this](chat& where) -> task<> {
        outgoing_message said{answer_ + where.text()};
        co_await where.say(std::move(said));
      });
  }

  result<void> start(plugin_context& context) override {
    if (throw_ == "start")
      throw std::runtime_error{"told to throw at the start"};
    context_ = &context;
    if (does_ == "exit")
      std::exit(0);
    if (does_ == "bot_stop")
      context.bot().stop();
    if (does_ == "other_stop")
      std::thread{[&] { context.bot().stop(); }}.join();
    context.log().info("started", {{"greeting", greeting_}});
    if (throw_ == "actor")
      context.supervise<caf::actor>("thrower", [](caf::actor_system& system, const core&) {
        auto made = system.spawn([](caf::event_based_actor*) -> caf::behavior {
          return {[](int) { throw std::runtime_error{"told to throw in an actor"}; }};
        });
        caf::anon_send(made, 1);
        return made;
      });
    // With each new core it is made again, and then ends an actor of that core, too.
    if (crashes_ > 0)
      context.supervise<caf::actor>("crasher", [this](caf::actor_system& system,
                                                      const core& handles) {
        if (crashes_ > 0) {
          --crashes_;
          caf::anon_send_exit(handles.im, caf::exit_reason::kill);
        }
        return system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; });
      });
    return {};
  }

  void stop() override {
    context_->log().info("stopped");
    if (does_ == "block")
      std::this_thread::sleep_for(std::chrono::hours{1});
    if (throw_ == "stop")
      throw std::runtime_error{"told to throw at the end"};
  }

  caf::strong_actor_ptr actor() const override {
    if (throw_ == "handle")
      throw std::runtime_error{"told to throw in actor()"};
    return nullptr;
  }

private:
  std::string greeting_;
  std::string answer_;
  std::string does_;
  std::string throw_;
  std::size_t crashes_ = 0;
  plugin_context* context_ = nullptr;
};

#ifdef TUTTI_TEST_THROWS_EARLY
const int early = []() -> int { throw std::runtime_error{"told to throw before it is used"}; }();
#endif

} // namespace

#ifdef TUTTI_TEST_ABI
// What TUTTI_PLUGIN makes, but with another interface in memory.
extern "C" TUTTI_API const tutti::plugin_info* tutti_plugin();
extern "C" const tutti::plugin_info* tutti_plugin() {
  static tutti::plugin_info info{.abi = TUTTI_TEST_ABI};
  return &info;
}
#else
TUTTI_PLUGIN(test_plugin)
#endif
