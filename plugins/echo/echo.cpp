// echo: the smallest plugin, the one to copy. One setting, one actor, one message type.
#include <plugins/echo/echo.hpp>

#include <tutti/plugin.hpp>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace tutti::echo {

namespace {

echo_actor::behavior_type behave(echo_actor::pointer, const std::string& prefix) {
  return {[prefix](const say& what) { return said{prefix + what.text}; }};
}

class echo_plugin final : public plugin {
public:
  result<void> start(const plugin_context& context) override {
    auto prefix = std::string{};
    for (const auto& [key, value] : context.settings.settings) {
      if (key != "prefix")
        return failure{
            errc::misconfigured, "unknown setting '" + key + "'; known is: prefix", 0, {}};
      prefix = value;
    }
    actor_ = context.system.spawn(behave, prefix);
    context.log.info("ready", {{"prefix", prefix}});
    return {};
  }

  void stop() noexcept override {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    actor_ = nullptr;
  }

  caf::strong_actor_ptr actor() const override {
    return caf::actor_cast<caf::strong_actor_ptr>(actor_);
  }

private:
  echo_actor actor_;
};

} // namespace

} // namespace tutti::echo

TUTTI_PLUGIN(tutti::echo::echo_plugin)
