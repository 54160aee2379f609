// Commands with typed arguments: usage, help and the nearest command for a misspelt one come of the
// declarations. In rooms they begin with a mention of the bot.
#include <tutti/bot.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace {

/// What was ordered, while the bot runs; handlers of different streams run at the same time.
class book {
public:
  void add(const std::string& ticker, int count) {
    auto guard = std::lock_guard{lock_};
    counts_[ticker] += count;
  }
  std::string text() const {
    auto guard = std::lock_guard{lock_};
    std::string all;
    for (const auto& [ticker, count] : counts_)
      all += ticker + " x " + std::to_string(count) + "\n";
    return all.empty() ? "Nothing so far." : all;
  }

private:
  mutable std::mutex lock_;
  std::map<std::string, int> counts_;
};

} // namespace

int main() {
  auto bot = tutti::bot::from_file("bot.yaml");
  book orders;
  bot.on("/order new {ticker:cashtag} {count:int=1} {side:choice(buy|sell)=buy}", "Places an order",
         [&](tutti::chat& chat, const std::string& ticker, int count,
             const std::string& side) -> tutti::task<> {
           orders.add(ticker, side == "buy" ? count : -count);
           co_await chat.say(side + " " + std::to_string(count) + " " + ticker);
         });
  bot.on("/order list", "Shows what was ordered",
         [&](tutti::chat& chat) -> tutti::task<> { co_await chat.say(orders.text()); });
  bot.on("/expires {on:date} {remind:duration=1h}", "How long an order is good for",
         [](tutti::chat& chat, std::chrono::year_month_day on,
            std::chrono::minutes remind) -> tutti::task<> {
           const auto left = std::chrono::sys_days{on} - std::chrono::system_clock::now();
           const auto days = std::chrono::ceil<std::chrono::days>(left).count();
           co_await chat.say(std::to_string(days) + " days; reminder " +
                             std::to_string(remind.count()) + " minutes before");
         });

  // Around all handlers: here colleagues alone are heard.
  bot.use([](tutti::chat& chat, auto next) -> tutti::task<> {
    if (!chat.stream().external)
      co_await next();
  });
  // What is no command; conditions combine.
  using namespace tutti::filters;
  bot.on_message(in_im() && matches(R"((?i)\bthank(s| you)\b)"),
                 [](tutti::chat& chat) -> tutti::task<> { co_await chat.say("You are welcome."); });
  return bot.run();
}
