#include <tests/talking/world.hpp>

#include <tests/simulation/kit/chance.hpp>

#include <tutti/dialogue.hpp>
#include <tutti/form.hpp>
#include <tutti/testing/desk.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace tutti::talking {

namespace {

using namespace std::chrono_literals;
using simulation::chance;

constexpr std::size_t people = 20;
constexpr int attempts = 50;
constexpr auto pause = 5min;
constexpr auto patience = 10min;
/// The bot comes back at once, and what it had tried is tried again after its pauses.
constexpr auto slack = 2min;

/// How often each work was done, by dialogue and name.
using works = std::map<std::string, int>;

struct wish {
  std::string ticker;
};
BOOST_DESCRIBE_STRUCT(wish, (), (ticker))

task<std::string> ask_instrument(dialogue& talk, ask_rules rules) {
  const question<cashtag> typed{"3 an instrument?"};
  const form<wish> filled{"wish", {"3b or fill in"}};
  const auto first = co_await talk.when_any(rules, typed, filled);
  co_return first.index() == 0 ? std::get<0>(first) : std::get<1>(first).ticker;
}

task<> walk(dialogue& talk, works& done) {
  const ask_rules often{24h, attempts};
  const ask_rules short_of_time{patience, attempts};
  co_await talk.say("1 hello");
  const auto number = co_await talk.ask<int>("2 a number?", often);
  const auto ticker = co_await ask_instrument(talk, often);
  const auto side = co_await talk.choose("4 a side?", choices("Buy", "Sell"), often);
  const auto luck = co_await talk.random();
  co_await talk.say("6 luck " + std::to_string(luck));
  const auto first = co_await talk.once("first", [&] {
    ++done[talk.id() + " first"];
    return luck;
  });
  co_await talk.wait(pause);
  const auto now = co_await talk.now();
  std::string sure = "late";
  try {
    const auto yes = co_await talk.confirm("10 go on?", short_of_time);
    sure = yes ? "yes" : "no";
  } catch (const dialogue_over& over) {
    if (over.reason() != dialogue_end::timed_out)
      throw;
  }
  const auto second = co_await talk.once("second", [&] {
    ++done[talk.id() + " second"];
    return now;
  });
  const auto kept = first == luck && second == now ? " kept" : " lost";
  co_await talk.say("12 end " + std::to_string(number) + " " + ticker + " " + side + " " + sure +
                    kept + " " + std::to_string(luck));
}

struct person {
  testing::desk_user who;
  std::optional<stream_id> im{};
  std::vector<message> heard{};
  /// How many messages of the bot have been answered.
  std::size_t seen = 0;
  bool silent = false;
  bool over = false;
};

class world {
public:
  explicit world(std::uint64_t seed) : luck_(seed) {
    desk_.bot().on("/walk", "A walk", [this](dialogue& talk) { return walk(talk, done_); });
    for (std::size_t i = 0; i < people; ++i)
      all_.push_back({desk_.user("p" + std::to_string(i))});
  }

  report run() {
    for (auto& each : all_)
      begin(each);
    constexpr int most_rounds = 2'000;
    for (int round = 0; round < most_rounds && !all_over(); ++round) {
      act(all_[luck_.below(all_.size())]);
      if (luck_.percent(10))
        desk_.passes(std::chrono::seconds{luck_.below(60)});
    }
    desk_.passes(1h);
    for (auto& each : all_)
      check(each);
    seen_.dialogues = all_.size();
    return std::move(seen_);
  }

private:
  void begin(person& who) {
    trouble();
    who.who.says("/walk");
    desk_.passes(20s);
    who.heard.push_back(who.who.hears());
    who.im = who.heard.front().stream().id;
    who.silent = luck_.percent(20);
  }

  /// Something that goes wrong with what the bot does next.
  void trouble() {
    if (!luck_.percent(30))
      return;
    switch (luck_.below(4)) {
    case 0:
      desk_.kills_the_bot_at("/message/create", luck_.percent(50));
      ++seen_.kills;
      break;
    case 1:
      desk_.kills_the_bot_at_write(1 + static_cast<int>(luck_.below(4)), luck_.percent(50));
      ++seen_.kills;
      break;
    case 2:
      desk_.loses_answers("/message/create");
      break;
    default:
      desk_.restarts_the_bot();
      ++seen_.kills;
    }
  }

  std::vector<std::string> texts(const person& who) const { return desk_.texts(*who.im); }

  /// Answers the newest question, rightly or not.
  void act(person& who) {
    const auto all = texts(who);
    const auto& last = all.back();
    const auto is = [&](const char* begin) { return last.starts_with(begin); };
    who.over = is("12 ") || last.find("was interrupted") != last.npos;
    if (who.over)
      return;
    trouble();
    if (luck_.percent(10)) {
      const auto id = who.who.says("perhaps");
      if (luck_.percent(50))
        who.who.edits(id, "1");
      return;
    }
    const auto question = newest_question(all);
    if (question == '2')
      says(who, "7");
    else if (question == '3')
      names_instrument(who);
    else if (question == '4')
      says(who, luck_.percent(50) ? "2" : "sell");
    else if (question == '1' && !who.silent)
      says(who, "yes");
    else
      desk_.passes(30s);
  }

  static void listen(person& who) {
    while (!who.who.unheard().empty())
      who.heard.push_back(who.who.hears());
  }

  /// By a word, or by the form beside the question.
  void names_instrument(person& who) {
    listen(who);
    const auto shown = std::find_if(who.heard.begin(), who.heard.end(), [](const auto& each) {
      return each.text().starts_with("3b ");
    });
    if (shown == who.heard.end() || luck_.percent(50))
      return says(who, "$VOD");
    const auto times = luck_.percent(10) ? 2 : 1; // Pressed twice.
    for (int i = 0; i < times; ++i)
      who.who.fills(*shown).with("ticker", "VOD").clicks("send");
    ++seen_.forms;
  }

  void says(person& who, const std::string& what) {
    who.who.says(what);
    if (luck_.percent(10))
      who.who.says(what); // Pressed twice.
  }

  /// Its first character; a blank for none.
  static char newest_question(const std::vector<std::string>& all) {
    for (auto each = all.rbegin(); each != all.rend(); ++each)
      for (const auto* begin : {"12 ", "10 ", "6 ", "4 ", "3 ", "2 "})
        if (each->starts_with(begin))
          return *begin == '6' || each->starts_with("12 ") ? ' ' : *begin;
    return ' ';
  }

  bool all_over() const {
    return std::all_of(all_.begin(), all_.end(), [](const auto& each) { return each.over; });
  }

  // -- what has to hold -------------------------------------------------------------------

  void object(const person& who, const std::string& why) {
    std::string text = who.who.name() + ": " + why + ":";
    for (const auto& each : texts(who))
      text += "\n    " + each;
    seen_.objections.push_back(std::move(text));
  }

  void check(person& who) {
    const auto all = texts(who);
    const auto count = [&](const std::string& begin) {
      return std::count_if(all.begin(), all.end(),
                           [&](const auto& each) { return each.starts_with(begin); });
    };
    const auto interrupted = std::any_of(all.begin(), all.end(), [](const auto& each) {
      return each.find("was interrupted") != each.npos;
    });
    for (const auto* step : {"1 ", "2 ", "3 ", "3b ", "4 ", "6 ", "10 ", "12 "})
      if (count(step) > 1 || (count(step) < 1 && !interrupted))
        object(who, std::string{step} + "was said " + std::to_string(count(step)) + " times");
    for (const auto& [work, times] : done_)
      if (times > 1)
        object(who, work + " was done " + std::to_string(times) + " times");
    if (interrupted) {
      ++seen_.interrupted;
      return;
    }
    ++seen_.finished;
    check_end(who, all);
  }

  void check_end(person& who, const std::vector<std::string>& all) {
    std::string luck;
    std::string end;
    for (const auto& each : all) {
      if (each.starts_with("6 luck "))
        luck = each.substr(7);
      if (each.starts_with("12 end "))
        end = each;
    }
    const auto late = end.find(" late ") != end.npos;
    seen_.timed_out += late ? 1 : 0;
    if (!late && end.find(" yes kept ") == end.npos)
      object(who, "the end is another one");
    if (!end.starts_with("12 end 7 VOD Sell ") || !end.ends_with(" kept " + luck))
      object(who, "what was said before is lost");
    check_times(who, late);
  }

  /// By the agent's clock.
  void check_times(person& who, bool late) {
    std::map<std::string, std::chrono::system_clock::time_point> at;
    listen(who);
    for (const auto& each : who.heard)
      at.emplace(each.text().substr(0, each.text().find(' ')), each.at());
    const auto within = [&](const char* from, const char* to, auto time) {
      const auto took = at[to] - at[from];
      if (took < time - 1s || took > time + slack)
        object(who, std::string{to} + " came " +
                        std::to_string(std::chrono::round<std::chrono::seconds>(took).count()) +
                        " s after " + from);
    };
    within("6", "10", pause);
    if (late)
      within("10", "12", patience);
  }

  chance luck_;
  works done_;
  testing::desk desk_;
  std::vector<person> all_;
  report seen_;
};

} // namespace

report hold_dialogues(std::uint64_t seed) {
  return std::make_unique<world>(seed)->run();
}

} // namespace tutti::talking
