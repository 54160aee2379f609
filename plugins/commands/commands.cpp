// commands: a bot without code. Each command of a file answers a text, a message, or what a service
// beside the bot says.
#include <plugins/commands/command_file.hpp>

#include <tutti/json_text.hpp>
#include <tutti/json_value.hpp>
#include <tutti/local_client.hpp>
#include <tutti/plugin.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <variant>

namespace tutti::command_file {

namespace {

/// As JSON, and as people write it.
struct shown_argument {
  json_value json;
  std::string text;
};

shown_argument shown(const argument_value& given) {
  struct shows {
    shown_argument operator()(std::monostate) const { return {}; }
    shown_argument operator()(const std::string& text) const { return {{text}, text}; }
    shown_argument operator()(std::int64_t number) const {
      return {{number}, std::to_string(number)};
    }
    shown_argument operator()(double number) const { return {{number}, to_json({number})}; }
    shown_argument operator()(bool yes) const { return {{yes}, yes ? "yes" : "no"}; }
    shown_argument operator()(std::chrono::year_month_day day) const {
      std::array<char, 32> text{};
      const auto size =
          std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                        static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
      const std::string made{text.data(), static_cast<std::size_t>(std::max(size, 0))};
      return {{made}, made};
    }
    shown_argument operator()(std::chrono::milliseconds time) const {
      const std::int64_t count = time.count();
      return {{count},
              count % 1000 == 0 ? std::to_string(count / 1000) + "s"
                                : std::to_string(count) + "ms"};
    }
    shown_argument operator()(const user_info& who) const {
      json_value::object made{{"id", {std::int64_t{who.id.value()}}},
                              {"displayName", {who.display_name}}};
      return {{std::move(made)}, who.display_name};
    }
  };
  return std::visit(shows{}, given);
}

/// What the service is asked.
std::string question(const entry& which, const chat& where,
                     const std::vector<named_argument>& arguments) {
  json_value::object given;
  for (const auto& each : arguments)
    given.emplace(each.name, shown(each.value).json);
  const auto& who = where.sender();
  json_value::object user{{"id", {std::int64_t{who.id.value()}}},
                          {"displayName", {who.display_name}}};
  if (!who.username.empty())
    user.emplace("username", json_value{who.username});
  if (!who.email.empty())
    user.emplace("email", json_value{who.email});
  json_value::object all{{"command", {which.pattern.substr(0, which.pattern.find(' '))}},
                         {"arguments", {std::move(given)}},
                         {"user", {std::move(user)}},
                         {"streamId", {to_string(where.stream().id)}},
                         {"messageId", {where.message().id()}},
                         {"text", {where.text()}}};
  return to_json({std::move(all)});
}

const std::string* text_member(const json_value& of, std::string_view name) {
  const auto* found = of.find(name);
  return found ? std::get_if<std::string>(&found->what) : nullptr;
}

/// What the service has answered, to be said; nothing: it wants nothing said. Throws
/// `messageml::build_error` for what no message can hold.
result<std::optional<outgoing_message>> said_by(const local_reply& reply) {
  auto wrong = [](const std::string& why) {
    return failure{errc::protocol_error, why, 0, "service"};
  };
  if (reply.status == 204)
    return std::optional<outgoing_message>{};
  if (reply.status != 200)
    return wrong("the service answers HTTP " + std::to_string(reply.status));
  auto text_of = [](const std::string& text) {
    return text.empty() ? std::optional<outgoing_message>{} : outgoing_message{text};
  };
  if (reply.content_type.starts_with("text/plain"))
    return text_of(reply.body);
  const auto read = read_json(reply.body);
  if (!read)
    return wrong("the service's answer is no JSON: " + read.error().detail);
  if (const auto* text = text_member(*read, "text"))
    return text_of(*text);
  const auto* xml = text_member(*read, "messageml");
  if (!xml)
    return wrong("the service's answer has neither text nor messageml");
  return std::optional{outgoing_message{message_of(*xml)}};
}

result<std::optional<outgoing_message>> answer_of(const local_reply& reply) {
  try {
    return said_by(reply);
  } catch (const messageml::build_error& flaw) {
    return failure{errc::protocol_error, "the service's answer: " + std::string{flaw.what()}, 0,
                   "service"};
  }
}

class commands_plugin final : public plugin {
public:
  const char* name() const noexcept override { return "commands"; }

  void settings(setting_list& all) override {
    all.add_path("file", path_,
                 "the commands and what they answer: see docs/commands-without-code.md");
  }

  result<void> check() override {
    if (path_.empty())
      return failure{errc::misconfigured, "file is missing: the path of the commands", 0,
                     "commands"};
    auto read = command_file::read(path_);
    if (!read)
      return read.error();
    entries_ = std::move(*read);
    return {};
  }

  void hear(plugin_context& context) override {
    for (const auto& each : entries_)
      context.bot().on(each.pattern, each.help,
                       [this, &each](chat& where, std::vector<named_argument> arguments) {
                         return answer(each, where, std::move(arguments));
                       });
    log_ = &context.log();
  }

  result<void> start(plugin_context& context) override {
    if (std::any_of(entries_.begin(), entries_.end(),
                    [](const auto& each) { return !each.url.empty(); }))
      services_ = std::make_unique<local_client>(context.bot());
    context.log().info("ready", {{"commands", std::to_string(entries_.size())}});
    return {};
  }

  void stop() override {
    if (services_)
      services_->stop();
  }

private:
  task<> answer(const entry& which, chat& where, std::vector<named_argument> arguments) {
    if (!which.url.empty()) {
      co_await ask(which, where, std::move(arguments));
      co_return;
    }
    const auto xml = !which.messageml.empty();
    std::vector<std::pair<std::string, std::string>> words;
    words.reserve(arguments.size());
    for (const auto& each : arguments) {
      auto text = shown(each.value).text;
      words.emplace_back(each.name, xml ? escaped(text) : std::move(text));
    }
    if (xml)
      co_await where.say(message_of(filled(which.messageml, words)));
    else
      co_await where.say(filled(which.text, words));
  }

  task<> ask(const entry& which, chat& where, std::vector<named_argument> arguments) {
    local_call call;
    call.url = which.url;
    call.body = question(which, where, arguments);
    call.timeout = which.timeout;
    if (!which.token.empty())
      call.headers.emplace_back("Authorization", "Bearer " + which.token);
    auto reply = co_await services_->send(std::move(call));
    if (!reply && reply.error().error == errc::shutting_down)
      throw request_failed{reply.error()}; // The next process answers.
    result<std::optional<outgoing_message>> said = failure{};
    if (reply)
      said = answer_of(*reply);
    else
      said = reply.error();
    if (!said) {
      log_->warn("service_failed", {{"command", which.pattern}, {"why", to_string(said.error())}});
      co_await where.say(which.unavailable);
    } else if (*said) {
      co_await say_or_refuse(which, where, std::move(**said));
    }
  }

  /// What the agent refuses it would refuse again.
  task<> say_or_refuse(const entry& which, chat& where, outgoing_message said) {
    std::optional<failure> refused;
    try {
      co_await where.say(std::move(said));
    } catch (const request_failed& thrown) {
      if (thrown.why().error != errc::rejected)
        throw;
      refused = thrown.why();
    }
    if (!refused)
      co_return;
    log_->warn("service_failed", {{"command", which.pattern}, {"why", to_string(*refused)}});
    co_await where.say(which.unavailable);
  }

  std::string path_;
  std::vector<entry> entries_;
  const logger* log_ = nullptr;
  std::unique_ptr<local_client> services_;
};

} // namespace

} // namespace tutti::command_file

TUTTI_PLUGIN(tutti::command_file::commands_plugin)
