// echo: the smallest plugin, the one to copy. One setting, one actor, one message type.
#include <plugins/echo/echo.hpp>

#include <tutti/plugin.hpp>

#include <caf/typed_event_based_actor.hpp>

namespace tutti::echo {

namespace {

echo_actor::behavior_type behave(echo_actor::pointer, const std::string& prefix) {
  return {[prefix](const say& what) { return said{prefix + what.text}; }};
}

class echo_plugin final : public plugin {
public:
  const char* name() const noexcept override { return "echo"; }

  void settings(setting_list& all) override {
    all.add("prefix", prefix_, "put before every answer");
  }

  result<void> start(plugin_context& context) override {
    actor_ = context.supervise<echo_actor>(
        "echo", [prefix = prefix_](caf::actor_system& system, const core&) {
          return echo_actor{system.spawn(behave, prefix)};
        });
    context.log().info("ready", {{"prefix", prefix_}});
    return {};
  }

  void stop() override { actor_ = nullptr; }

  caf::strong_actor_ptr actor() const override {
    return caf::actor_cast<caf::strong_actor_ptr>(actor_);
  }

private:
  std::string prefix_;
  echo_actor actor_;
};

} // namespace

} // namespace tutti::echo

TUTTI_PLUGIN(tutti::echo::echo_plugin)
