// tutti connection: list, info, request, accept, reject, remove.
#include <bot/command/stream_verbs.hpp>

#include <bot/command/verb.hpp>

#include <fmt/format.h>

namespace tutti::command {

namespace {

constexpr const char* examples = R"(Examples:
  tutti connection request --config bot.yaml zoe@their.bank
  tutti connection list --config bot.yaml --status PENDING_OUTGOING

A connection is needed for IMs with users of other companies. im.connect in the
configuration has them asked for by themselves.)";

std::string to_line(user_id user, connection_status status) {
  return fmt::format("{{\"user\":{},\"status\":\"{}\"}}\n", user.value(), to_string(status));
}

struct list_options {
  std::string status;
};

struct user_options {
  std::vector<std::string> users;
};

void list(asking& with, list_options& given) {
  list_connections wanted{with.as(), std::nullopt};
  using enum connection_status;
  for (auto status : {pending_incoming, pending_outgoing, accepted, rejected})
    if (given.status == to_string(status))
      wanted.status = status;
  auto found = with.ask(wanted);
  for (const auto& each : found ? found->all : std::vector<user_connection>{})
    with.line(to_line(each.user, each.status));
}

/// The same question for each user.
template <class Question>
void each_user(asking& with, const user_options& given, Question question) {
  auto users = with.find(given.users);
  for (auto user : users ? *users : std::vector<user_id>{}) {
    if (with.interrupted())
      return;
    if (auto now = with.ask(question(user), {user}))
      with.line(to_line(user, now->status));
  }
}

} // namespace

void add_connection_verbs(CLI::App& app, const verb_parts& parts) {
  auto& family = *app.add_subcommand("connection", "Connections with users of other companies");
  family.require_subcommand(1);
  add_verb<list_options>(
      family, parts, "list", "The caller's connections",
      [](CLI::App& verb, list_options& into) {
        verb.add_option("--status", into.status, "only those")
            ->transform(
                CLI::IsMember({"PENDING_INCOMING", "PENDING_OUTGOING", "ACCEPTED", "REJECTED"},
                              CLI::ignore_case));
      },
      list);
  auto define = [](CLI::App& verb, user_options& into) {
    verb.add_option("USER", into.users, "id, e-mail address or username")->required();
  };
  add_verb<user_options>(
      family, parts, "info", "How the caller and these users stand", define,
      [](asking& with, user_options& given) {
        each_user(with, given, [&](user_id user) { return get_connection{with.as(), user}; });
      });
  using step = connection_step;
  for (auto [name, help, what] :
       {std::tuple{"request", "Ask users for a connection", step::request},
        {"accept", "Accept users' requests", step::accept},
        {"reject", "Decline users' requests", step::reject},
        {"remove", "End connections", step::remove}})
    add_verb<user_options>(family, parts, name, help, define,
                           [step = what](asking& with, user_options& given) {
                             each_user(with, given, [&](user_id user) {
                               return change_connection{with.as(), user, step};
                             });
                           });
  family.footer(examples);
}

} // namespace tutti::command
