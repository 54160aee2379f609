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

/// Whether asking again may help.
bool passes(const failure& why) {
  switch (why.error) {
  case errc::unreachable:
  case errc::deadline_exceeded:
  case errc::rate_limited:
  case errc::overloaded:
  case errc::internal:
  case errc::login_refused: // The bot itself tries again: a key may be registered late.
    return true;
  default:
    return false;
  }
}

bool ends(const failure& why) {
  return why.error == errc::shutting_down || why.error == errc::cancelled;
}

/// How often, and for how long.
struct patience {
  std::chrono::milliseconds timeout{60'000};
  std::chrono::milliseconds pause{30'000};
};

/// The IM with `users`, however long the pod is away; a line for each attempt.
task<> open_one(bot& with, std::vector<std::string> users, patience time, logger log) {
  auto who = joined(users);
  while (true) {
    auto opened = co_await open_given_im(with, users, time.timeout);
    if (opened) {
      log.info("opened", {{"users", who}, {"stream", to_string(opened->im.stream)}});
      co_return;
    }
    if (ends(opened.error()))
      co_return;
    if (!passes(opened.error())) {
      log.error("not_opened", {{"users", who}, {"why", to_string(opened.error())}});
      co_return;
    }
    log.warn("not_opened_yet", {{"users", who},
                                {"why", to_string(opened.error())},
                                {"again_in_ms", std::to_string(time.pause.count())}});
    auto paused = co_await with.after(time.pause);
    if (!paused)
      co_return;
  }
}

/// Some of the IMs, one after the other.
task<> open_some(bot& with, std::vector<std::vector<std::string>> ims, patience time, logger log) {
  for (const auto& users : ims)
    co_await open_one(with, users, time, log);
}

class open_at_start_plugin final : public plugin {
public:
  const char* name() const noexcept override { return "open_at_start"; }

  void settings(setting_list& all) override {
    all.add("ims", ims_,
            "whom to open an IM with: a list of users (ids, e-mail addresses, usernames), or of "
            "lists of users");
    all.add("timeout", time_.timeout, "for each attempt, look-ups and login included");
    all.add("pause", time_.pause, "before another attempt, when the pod was away or busy");
    all.add("concurrency", concurrency_, "IMs under way at once");
  }

  result<void> check() override {
    if (concurrency_ == 0)
      return failure{errc::misconfigured, "concurrency is 0: nothing would ever be opened", 0, {}};
    for (const auto& users : ims_)
      for (const auto& each : users)
        if (auto user = read_user(each); !user)
          return failure{errc::misconfigured, "ims: " + user.error().detail, 0, {}};
    return {};
  }

  result<void> start(plugin_context& context) override {
    std::vector<std::vector<std::vector<std::string>>> shares(std::min(concurrency_, ims_.size()));
    for (std::size_t i = 0; i < ims_.size(); ++i)
      shares[i % shares.size()].push_back(ims_[i]);
    for (auto& share : shares)
      running_.push_back(
          context.bot().run(open_some(context.bot(), std::move(share), time_, context.log())));
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
  patience time_;
  std::size_t concurrency_ = 16;
  std::vector<pending<void>> running_;
};

} // namespace

} // namespace tutti::open_at_start

TUTTI_PLUGIN(tutti::open_at_start::open_at_start_plugin)
