// tutti connection: list, info, request, accept, reject, remove.
#include <bot/command/verbs/stream_verbs.hpp>

#include <bot/command/verbs/verb.hpp>

#include <fmt/format.h>

namespace tutti::command {

namespace {

constexpr const char* connection_examples = R"(Examples:
  tutti connection request --config bot.yaml zoe@their.bank
  tutti connection list --config bot.yaml --status PENDING_OUTGOING

A connection is needed for IMs with users of other companies. im.connect in the
configuration has them asked for by themselves.)";

std::string to_line(user_id user, connection_status status) {
  return fmt::format("{{\"user\":{},\"status\":\"{}\"}}\n", user.value(), to_string(status));
}

struct connection_list_options {
  std::string status;
};

struct user_options {
  std::vector<std::string> users;
};

void print_connections(asking& with, connection_list_options& given) {
  list_connections wanted{with.as(), std::nullopt};
  using enum connection_status;
  for (auto status : {pending_incoming, pending_outgoing, accepted, rejected})
    if (given.status == to_string(status))
      wanted.status = status;
  auto found = with.ask(wanted);
  for (const auto& each : found ? found->all : std::vector<user_connection>{})
    with.line(to_line(each.user, each.status));
}

/// How the caller and a user stand, written. The pod answers the same for a user it does not know
/// as for one who was never asked, so that one is looked up.
void info(asking& with, user_id user) {
  auto now = with.ask(get_connection{with.as(), user}, {user});
  if (now && now->status == connection_status::none) {
    if (!with.are_there({user}))
      return;
  }
  if (now)
    with.line(to_line(user, now->status));
}

/// The same for each user.
template <class Act>
void each_user(asking& with, const user_options& given, Act act) {
  for (auto user : with.find_each(given.users)) {
    if (with.interrupted())
      return;
    act(user);
  }
}

} // namespace

void add_connection_verbs(CLI::App& app, const verb_parts& parts) {
  auto& family = *app.add_subcommand("connection", "Connections with users of other companies");
  family.require_subcommand(1);
  add_verb<connection_list_options>(
      family, parts, "list", "The caller's connections",
      [](CLI::App& verb, connection_list_options& into) {
        verb.add_option("--status", into.status, "only those")
            ->transform(
                CLI::IsMember({"PENDING_INCOMING", "PENDING_OUTGOING", "ACCEPTED", "REJECTED"},
                              CLI::ignore_case));
      },
      print_connections);
  auto define = [](CLI::App& verb, user_options& into) {
    verb.add_option("USER", into.users, "id, e-mail address or username")->required();
  };
  add_verb<user_options>(family, parts, "info", "How the caller and these users stand", define,
                         [](asking& with, user_options& given) {
                           each_user(with, given, [&](user_id user) { info(with, user); });
                         });
  using step = connection_step;
  for (auto [name, help, what] :
       {std::tuple{"request", "Ask users for a connection", step::request},
        {"accept", "Accept users' requests", step::accept},
        {"reject", "Decline users' requests", step::reject},
        {"remove", "End connections", step::remove}})
    add_verb<user_options>(
        family, parts, name, help, define, [step = what](asking& with, user_options& given) {
          each_user(with, given, [&](user_id user) {
            auto now = with.ask(change_connection{with.as(), user, step}, {user});
            if (now)
              with.line(to_line(user, now->status));
          });
        });
  family.footer(connection_examples);
}

} // namespace tutti::command
