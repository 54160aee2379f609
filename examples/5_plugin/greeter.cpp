// A plugin in a project of its own: opens an IM with each user that its settings list.
#include <tutti/by_name.hpp>
#include <tutti/plugin.hpp>

namespace {

using namespace tutti;

/// Opens the IM and logs it. Takes values only: the coroutine may outlive its caller.
task<> greet(bot& with, std::string name, logger log) {
  std::vector<std::string> users{name};
  auto opened = co_await open_given_im(with, users, std::chrono::seconds{30});
  if (opened)
    log.info("greeted", {{"user", name}, {"stream", to_string(opened->im.stream)}});
  else
    log.error("not_greeted", {{"user", name}, {"why", to_string(opened.error())}});
}

class greeter final : public plugin {
public:
  const char* name() const noexcept override { return "greeter"; }

  void settings(setting_list& all) override { all.add("users", users_, "whom to greet at start"); }

  result<void> start(plugin_context& context) override {
    if (users_.empty())
      return failure{errc::misconfigured, "users is empty: there is nobody to greet", 0, {}};
    for (const auto& user : users_)
      greeting_.push_back(context.bot().run(greet(context.bot(), user, context.log())));
    return {};
  }

  void stop() override { greeting_.clear(); } // Takes back what is under way.

private:
  std::vector<std::string> users_;
  std::vector<pending<void>> greeting_;
};

} // namespace

TUTTI_PLUGIN(greeter)
