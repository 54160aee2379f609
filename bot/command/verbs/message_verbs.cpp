// tutti say: one message.
#include <bot/command/verbs/stream_verbs.hpp>

#include <bot/command/verbs/verb.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace tutti::command {

namespace {

constexpr const char* say_examples = R"(Examples:
  tutti say --config bot.yaml --to ada "Good morning"
  tutti say --config bot.yaml --stream ID --attach report.pdf "The report"
  tutti say --config bot.yaml --to ada --messageml message.xml
  date | tutti say --config bot.yaml --to ada -

The IM is opened when there is none. What was sent is a line of JSON on standard output.)";

struct say_options {
  std::vector<std::string> to;
  std::string stream;
  std::string messageml;
  std::string data;
  std::vector<std::string> files;
  std::string text;
};

failure wrong_use(std::string why) {
  return {errc::rejected, std::move(why), 0, usage_code};
}

result<std::string> content_of(const std::string& path) {
  std::ifstream from{path, std::ios::binary};
  if (!from)
    return failure{errc::rejected, path + " cannot be read; check the path", 0, usage_code};
  return std::string{std::istreambuf_iterator<char>{from}, {}};
}

result<outgoing_message> message_of(const say_options& given) {
  if (given.text.empty() == given.messageml.empty())
    return wrong_use("say needs a TEXT, or --messageml FILE");
  if (!given.data.empty() && given.messageml.empty())
    return wrong_use("--data goes with --messageml FILE");
  outgoing_message made;
  if (!given.messageml.empty()) {
    auto markup = content_of(given.messageml);
    if (!markup)
      return markup.error();
    std::string data;
    if (!given.data.empty()) {
      auto read = content_of(given.data);
      if (!read)
        return read.error();
      data = std::move(*read);
    }
    made = outgoing_message::ready(std::move(*markup), std::move(data));
  } else if (given.text == "-") {
    made = std::string{std::istreambuf_iterator<char>{std::cin}, {}};
  } else {
    made = given.text;
  }
  for (const auto& each : given.files)
    made.attach(attachment::file(each));
  return made;
}

/// Nothing when there is none; that has been reported.
std::optional<stream_id> place_of(asking& with, const say_options& given) {
  if (!given.stream.empty())
    return with.read_stream(given.stream);
  auto users = with.find_all(given.to);
  if (!users)
    return std::nullopt;
  create_im wanted;
  wanted.as = with.as();
  wanted.participants = *users;
  auto opened = with.ask(wanted, {users->begin(), users->end()});
  return opened ? std::optional{opened->stream} : std::nullopt;
}

void say_it(asking& with, const say_options& given) {
  if (given.to.empty() == given.stream.empty())
    return void(with.tell(wrong_use("say needs a place: --to USER... or --stream ID")));
  auto what = message_of(given);
  if (!what)
    return void(with.tell(what.error()));
  auto where = place_of(with, given);
  if (!where)
    return;
  send_message asked;
  asked.as = with.as();
  asked.to = *where;
  asked.what = std::move(*what);
  if (auto sent = with.ask(std::move(asked)))
    with.line(fmt::format("{{\"messageId\":{},\"streamId\":{}}}\n", json_text(sent->id()),
                          json_text(where->text())));
}

} // namespace

void add_message_verbs(CLI::App& app, const verb_parts& parts) {
  add_verb<say_options>(
      app, parts, "say", "Send a message",
      [](CLI::App& verb, say_options& into) {
        verb.add_option("--to", into.to, "into the IM with this user: id, e-mail or username")
            ->check(somebody)
            ->allow_extra_args(false);
        verb.add_option("--stream", into.stream, "into this stream");
        verb.add_option("--messageml", into.messageml, "the message as MessageML")
            ->type_name("FILE");
        verb.add_option("--data", into.data, "its entity data, with --messageml")
            ->type_name("FILE.json");
        verb.add_option("--attach", into.files, "a file that goes with it")
            ->type_name("FILE")
            ->allow_extra_args(false);
        verb.add_option("TEXT", into.text, "shown as it is; - for standard input");
        verb.footer(say_examples);
      },
      say_it);
}

} // namespace tutti::command
