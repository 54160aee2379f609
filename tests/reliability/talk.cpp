#include <tests/reliability/talk.hpp>

#include <testing/desk_state.hpp>

#include <fmt/format.h>

namespace tutti::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto read_path = "/read";
constexpr auto create_path = "/message/create";
/// Longer than any wait of the bot's, and than the 30 s after which the agent hands out again.
constexpr auto patience = 10min;

struct talk_fault {
  std::string what;
  bool acts = false;
  std::optional<result<http_response>> answer;
};

http_response answered(int status, std::string body = R"({"code":0,"message":"no"})",
                       std::optional<std::uint32_t> retry_after = {}) {
  http_response made;
  made.status = status;
  made.body = std::move(body);
  made.retry_after = retry_after;
  return made;
}

std::vector<talk_fault> all_faults_of_talks() {
  std::vector<talk_fault> all;
  for (auto status : {400, 401, 403, 404, 408, 429, 500, 502, 503})
    all.push_back({fmt::format("HTTP {}", status), false, answered(status)});
  all.push_back({"HTTP 400, `Retry-After: 1` (the agent's 429)", false,
                 answered(400, R"({"code":0,"message":"slow down"})", 1)});
  all.push_back({"HTTP 429, `Retry-After: 3`", false, answered(429, "{}", 3)});
  all.push_back({"HTTP 500, the agent has acted", true, answered(500)});
  all.push_back({"HTTP 503, the agent has acted", true, answered(503)});
  all.push_back({"HTTP 200 with a page of HTML", false, answered(200, "<html>log in</html>")});
  all.push_back({"HTTP 200 with `{}`", true, answered(200, "{}")});
  all.push_back({"HTTP 200, empty", true, answered(200, "")});
  all.push_back({"JSON that breaks off", true, answered(200, R"({"events":[{"type":)")});
  all.push_back({"the connection is refused", false,
                 failure{errc::unreachable, "refused", 0, "no_connection"}});
  all.push_back({"reset before the answer, the agent has not acted", false,
                 failure{errc::unreachable, "reset", 0, "connection_lost"}});
  all.push_back({"reset before the answer, the agent has acted", true,
                 failure{errc::unreachable, "reset", 0, "connection_lost"}});
  all.push_back({"the answer is cut short", true,
                 failure{errc::protocol_error, "cut short", 0, "cut_short"}});
  all.push_back({"no answer, the agent has not acted", false, std::nullopt});
  all.push_back({"no answer, the agent has acted", true, std::nullopt});
  return all;
}

/// A bot that answers `ada`, whose requests meet a fault.
class talk_trial {
public:
  /// `times`: how often the fault is met; always: for a minute.
  talk_trial(const talk_fault& what, const char* path, int times)
      : here_({}, {}), fault_(what), path_(path), times_(times) {
    here_.add_user("ada", false);
    here_.bot->on_message(
        [](chat& where) -> task<> { co_await where.say("heard " + where.text()); });
    here_.bot->on_given_up([this](const event&, const failure&) { given_up_ = true; });
  }

  /// What came of it, for the page.
  std::string run() {
    say("before"); // The feed has been read, and the session is there.
    here_.passes(1s);
    here_.wire->plan({path_, times_, fault_.acts, fault_.answer});
    const auto said_at = now();
    say("during");
    const bool always = times_ > 1;
    if (always) {
      here_.passes(60s);
      here_.wire->end_troubles();
    }
    const auto from = always ? now() : said_at;
    const auto heard_in_time = wait_for("heard during", from + patience);
    const auto took = now() - from;
    say("after");
    wait_for("heard after", now() + patience);
    here_.passes(2min); // Whatever comes twice.
    const auto answers = texts();
    must(heard_in_time || given_up_, "the message is not answered within ten minutes");
    must(std::count(answers.begin(), answers.end(), "heard during") <= 1, "it is answered twice");
    must(std::count(answers.begin(), answers.end(), "heard after") == 1,
         "the next message is not answered once");
    if (given_up_)
      return "given up after three attempts";
    if (always)
      return fmt::format("{} after it was over", seconds(took));
    return took < 50ms ? "at once" : seconds(took);
  }

  const std::string& broken() const { return broken_; }

private:
  desk_wire::clock_time now() { return here_.sys.scheduler().clock().now(); }

  void say(const std::string& text) {
    here_.runs();
    const auto& ada = here_.person("ada");
    const auto stream = here_.im_with_bot(ada);
    here_.say(ada, stream, {here_.wire->pod().messages.as_markup(text, stream)});
  }

  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (const auto* each : here_.said_to(here_.person("ada")))
      all.push_back(each->text);
    return all;
  }

  bool wait_for(const std::string& text, desk_wire::clock_time until) {
    auto is_there = [&] {
      auto all = texts();
      return std::find(all.begin(), all.end(), text) != all.end();
    };
    while (!is_there() && !given_up_)
      if (!here_.advance(until))
        return is_there();
    return true;
  }

  /// Chance is part of waits: to a second.
  static std::string seconds(desk_wire::clock_time::duration time) {
    const auto whole = std::chrono::ceil<std::chrono::seconds>(time).count();
    return whole <= 1 ? "within 1 s"
                      : fmt::format("within {} s", whole <= 5    ? 5
                                                   : whole <= 15 ? 15
                                                   : whole <= 35 ? 35
                                                                 : whole);
  }

  void must(bool holds, const char* otherwise) {
    if (!holds)
      broken_ += (broken_.empty() ? "" : "; ") + std::string{otherwise};
  }

  desk::state here_;
  const talk_fault& fault_;
  const char* path_;
  int times_;
  bool given_up_ = false;
  std::string broken_;
};

} // namespace

talk_tables try_talks() {
  talk_tables made;
  const auto faults = all_faults_of_talks();
  auto table = [&](const char* title, const char* path) {
    made.page += fmt::format("\n## {}\n\n| what | once | for a minute |\n|---|---|---|\n", title);
    for (const auto& each : faults) {
      made.page += "| " + each.what + " |";
      for (int times : {1, 1'000'000}) {
        talk_trial trial{each, path, times};
        made.page += " " + trial.run() + " |";
        if (!trial.broken().empty())
          made.broken.push_back(fmt::format("{}, {}, {}: {}", title, each.what,
                                            times == 1 ? "once" : "for a minute", trial.broken()));
      }
      made.page += "\n";
    }
  };
  made.page += R"(
# Hearing and answering

A person says something, and the read that brings it, or the send of the answer, goes wrong once or for a
minute: when is it answered? The bot's time is virtual here, its journal durable. What the agent has handed out
and was not acknowledged it hands out again after 30 s; a read is given up after 45 s of silence, a send
after 60 s (`readTimeout`). Checked in every row: the message is answered once, whatever
happens to the answer of the agent, and so is the next one.
)";
  table("A read of the feed", read_path);
  table("A send", create_path);
  return made;
}

} // namespace tutti::testing
