// open_at_start: opens the configured IMs when the bot has logged in, and reports each.
#include <tutti/by_name.hpp>
#include <tutti/plugin.hpp>

namespace tutti::open_at_start {

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& each : names)
    text.append(text.empty() ? "" : ",").append(each);
  return text;
}

/// The IM with `users`, whatever it takes to get it; then one line.
task<> open_one(bot& with, std::vector<std::string> users, std::chrono::milliseconds timeout,
                logger log) {
  auto who = joined(users);
  auto opening = open_given_im(with, std::move(users), timeout);
  auto opened = co_await std::move(opening);
  if (opened)
    log.info("opened", {{"users", who}, {"stream", opened->im.stream.text()}});
  else if (opened.error().error != errc::shutting_down && opened.error().error != errc::cancelled)
    log.error("not_opened", {{"users", who}, {"why", to_string(opened.error())}});
}

/// Some of the IMs, one after the other.
task<> open_some(bot& with, std::vector<std::vector<std::string>> ims,
                 std::chrono::milliseconds timeout, logger log) {
  for (auto& users : ims) {
    auto one = open_one(with, std::move(users), timeout, log);
    co_await std::move(one);
  }
}

class open_at_start_plugin final : public plugin {
public:
  const char* name() const noexcept override { return "open_at_start"; }

  void settings(setting_list& all) override {
    all.add("ims", ims_,
            "whom to open an IM with: a list of users (ids, e-mail addresses, usernames), or of "
            "lists of users");
    all.add("timeout", timeout_, "for each IM, look-ups and login included");
    all.add("concurrency", concurrency_, "IMs under way at once");
  }

  result<void> start(plugin_context& context) override {
    if (concurrency_ == 0)
      return failure{errc::misconfigured, "concurrency is 0: nothing would ever be opened", 0, {}};
    for (const auto& users : ims_)
      for (const auto& each : users)
        if (auto user = read_user(each); !user)
          return failure{errc::misconfigured, "ims: " + user.error().detail, 0, {}};
    std::vector<std::vector<std::vector<std::string>>> shares(std::min(concurrency_, ims_.size()));
    for (std::size_t i = 0; i < ims_.size(); ++i)
      shares[i % shares.size()].push_back(ims_[i]);
    for (auto& share : shares)
      running_.push_back(
          context.bot().run(open_some(context.bot(), std::move(share), timeout_, context.log())));
    return {};
  }

  /// Takes back what is not open yet, and waits for the tasks: they use the bot.
  void stop() override {
    for (auto& each : running_)
      each.cancel();
    for (auto& each : running_)
      (void)each.get();
    running_.clear();
  }

private:
  std::vector<std::vector<std::string>> ims_;
  std::chrono::milliseconds timeout_{60'000};
  std::size_t concurrency_ = 16;
  std::vector<pending<void>> running_;
};

} // namespace

} // namespace tutti::open_at_start

TUTTI_PLUGIN(tutti::open_at_start::open_at_start_plugin)
