// tutti say: one message.
#include <bot/command/verbs/stream_verbs.hpp>

#include <bot/command/verbs/verb.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
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

/// No message has more bytes (MessageML and data together).
constexpr std::size_t most_bytes = 1'500'000;

result<std::string> content_of(const std::string& path) {
  std::ifstream from{path, std::ios::binary};
  if (!from || !std::filesystem::is_regular_file(path))
    return failure{errc::rejected, path + " cannot be read; check the path", 0, usage_code};
  return std::string{std::istreambuf_iterator<char>{from}, {}};
}

/// Standard input, as much of it as a message may have; a signal ends it.
result<std::string> read_input(asking& with) {
  std::string read;
  std::array<char, 16'384> some{};
  while (!with.interrupted_by_now()) {
    pollfd ready{STDIN_FILENO, POLLIN, 0};
    constexpr int moment = 50;
    if (::poll(&ready, 1, moment) <= 0)
      continue;
    const auto count = ::read(STDIN_FILENO, some.data(), some.size());
    if (count <= 0)
      return read;
    read.append(some.data(), static_cast<std::size_t>(count));
    if (read.size() > most_bytes)
      return wrong_use("the text has more than 1.5 MB, which no message may have");
  }
  return failure{errc::cancelled, "interrupted; nothing was sent", 0, {}};
}

result<outgoing_message> message_of(asking& with, const say_options& given) {
  if (given.text.empty() && given.messageml.empty())
    return wrong_use("say needs a TEXT, or --messageml FILE");
  if (!given.text.empty() && !given.messageml.empty())
    return wrong_use("say takes a TEXT or --messageml FILE, not both");
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
  } else {
    auto text = given.text == "-" ? read_input(with) : result<std::string>{given.text};
    if (!text)
      return text.error();
    if (text->find_first_not_of(" \t\r\n") == std::string::npos)
      return wrong_use("the text is empty");
    made = *text;
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
  if (given.to.empty() && given.stream.empty())
    return void(with.tell(wrong_use("say needs a place: --to USER or --stream ID")));
  if (!given.to.empty() && !given.stream.empty())
    return void(with.tell(wrong_use("say takes --to USER or --stream ID, not both")));
  auto what = message_of(with, given);
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
