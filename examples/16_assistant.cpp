// An assistant: it asks a model server beside the bot, remembers what was said with each person in
// each stream, and shows the answer while it comes.
#include <tutti/bot.hpp>
#include <tutti/living_message.hpp>
#include <tutti/local_client.hpp>
#include <tutti/state.hpp>

#include <cstdlib>
#include <string>
#include <vector>

struct turn {
  std::string from;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(turn, (), (from, text))

struct history {
  std::vector<turn> turns;
};
BOOST_DESCRIBE_STRUCT(history, (), (turns))

constexpr std::size_t remembered = 20;

int main() {
  auto bot = tutti::bot::from_file("bot.yaml");
  tutti::local_client models{bot};
  const auto* given = std::getenv("MODEL_URL");
  const std::string url = given ? given : "http://127.0.0.1:8080/generate";

  bot.on("/forget", "Forgets what we have talked about", [](tutti::chat& chat) -> tutti::task<> {
    auto past = co_await chat.state<history>("past", tutti::state_scope::user_in_stream);
    past.forget();
    co_await chat.say("Forgotten.");
  });

  bot.on_message([&](tutti::chat& chat) -> tutti::task<> {
    auto past = co_await chat.state<history>("past", tutti::state_scope::user_in_stream);
    past->turns.push_back({"user", chat.text()});

    tutti::local_call call;
    call.url = url;
    call.body = tutti::to_json(tutti::to_value(*past));
    auto answer = co_await chat.say_live("...");
    auto coming = co_await models.open(std::move(call));
    bool whole = false;
    while (coming && coming->status() == 200 && !whole) {
      const auto part = co_await coming->next();
      if (!part)
        break;
      answer.add(*part);
      whole = part->empty();
    }
    if (!whole) {
      co_await answer.end("The model does not answer. Please ask again later.");
      past->turns.pop_back();
      co_return;
    }
    past->turns.push_back({"assistant", answer.text()});
    if (past->turns.size() > remembered)
      past->turns.erase(past->turns.begin(), past->turns.end() - remembered);
    co_await answer.end();
  });
  return bot.run();
}
