// tutti room: create, info, members, add, remove, search.
#include <bot/command/verbs/stream_verbs.hpp>

#include <bot/characters.hpp>
#include <bot/command/verbs/verb.hpp>

#include <tutti/json_text.hpp>

#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace tutti::command {

namespace {

constexpr const char* room_examples = R"(Examples:
  tutti room create --config bot.yaml "FX desk" ada ben@our.bank
  tutti room add --config bot.yaml STREAM cleo
  tutti room search --config bot.yaml desk

Members are added 3 a second, to rooms of more than 500 one in 3 seconds; Ctrl-C stops
that and tells who is in. What is done is a line of JSON on standard output, what is
not one on standard error.)";

std::string to_line(const room& one) {
  return fmt::format("{{\"streamId\":{},\"name\":{},\"description\":{},\"active\":{},\"public\":{},"
                     "\"crossPod\":{},\"creator\":{}}}\n",
                     json_text(one.id.text()), json_text(one.attributes.name),
                     json_text(one.attributes.description), one.active,
                     one.attributes.is_public.value_or(false),
                     one.attributes.cross_pod.value_or(false), one.creator.value());
}

/// A line for each, to standard output or error.
void tell_members(asking& with, const stream_id& room, const char* done,
                  const std::vector<member_outcome>& users) {
  for (const auto& each : users) {
    if (each.why_not)
      with.tell(*each.why_not, {each.user});
    else
      with.line(fmt::format("{{\"streamId\":{},\"user\":{},\"{}\":true}}\n",
                            json_text(to_string(room)), each.user.value(), done));
  }
}

struct create_options {
  room_attributes room;
  std::vector<std::string> members;
  bool is_public = false;
  bool cross_pod = false;
  bool discoverable = false;
  bool read_only = false;
};

struct room_options {
  std::string id;
  std::vector<std::string> users;
};

struct search_options {
  std::string text;
  std::size_t limit = 1'000;
};

void search(asking& with, search_options& given) {
  constexpr std::size_t page = 100;
  find_rooms wanted{.as = with.as(), .text = given.text};
  std::size_t count = 0;
  while (wanted.skip < given.limit) {
    wanted.limit = std::min(page, given.limit - wanted.skip);
    auto found = with.ask(wanted);
    if (!found)
      return;
    for (const auto& each : found->rooms)
      with.line(to_line(each));
    count = found->count;
    wanted.skip += found->rooms.size(); // A pod may answer fewer than were asked for.
    if (found->rooms.empty() || wanted.skip >= count)
      return;
  }
  if (count > given.limit)
    with.note(fmt::format("{} rooms match, the first {} are shown; --limit shows more", count,
                          given.limit));
}

/// Those given as ids: the others have been looked up already.
std::vector<user_id> ids_among(const std::vector<std::string>& users) {
  std::vector<user_id> ids;
  for (const auto& each : users)
    if (auto user = read_user(each); user && user->what == given_user::kind::id)
      ids.push_back(user->id);
  return ids;
}

void define_create(CLI::App& verb, create_options& into) {
  verb.add_option("NAME", into.room.name, "shorter than 50 characters")
      ->required()
      ->check(CLI::Validator{[](std::string& text) {
                               const auto length = characters_in(text);
                               return length == 0 || length >= 50
                                          ? std::string{"a name has 1 to 49 characters"}
                                          : std::string{};
                             },
                             ""});
  verb.add_option("USER", into.members, "members: id, e-mail address or username");
  verb.add_option("--description", into.room.description, "of the room");
  verb.add_flag("--public", into.is_public, "everybody may join (canCreatePublicRoom)");
  verb.add_flag("--cross-pod", into.cross_pod, "for other companies (isExternalRoomEnabled)");
  verb.add_flag("--discoverable", into.discoverable, "found by those who are no members");
  verb.add_flag("--read-only", into.read_only, "only owners write");
}

void create(asking& with, create_options& given) {
  auto members = with.find_all(given.members);
  if (!members || with.interrupted() || !with.are_there(ids_among(given.members)))
    return;
  auto& room = given.room;
  for (auto [flag, member] : {std::pair{given.is_public, &room.is_public},
                              {given.cross_pod, &room.cross_pod},
                              {given.discoverable, &room.discoverable},
                              {given.read_only, &room.read_only}})
    if (flag)
      *member = true;
  auto ticket = call_ticket::next();
  auto made = with.ask_long(
      create_room{.as = with.as(), .attributes = room, .members = *members, .ticket = ticket},
      cancel_room_work{ticket});
  if (!made)
    return;
  with.line(to_line(made->made));
  tell_members(with, made->made.id, "added", made->members);
}

template <class Change>
void change(asking& with, room_options& given, const char* done) {
  auto id = with.read_stream(given.id);
  auto users = id ? with.find_each(given.users) : std::vector<user_id>{};
  if (users.empty() || with.interrupted())
    return;
  auto ticket = call_ticket::next();
  auto changed =
      with.ask_long(Change{.as = with.as(), .room = *id, .users = users, .ticket = ticket},
                    cancel_room_work{ticket});
  if (changed)
    tell_members(with, *id, done, changed->users);
}

} // namespace

void add_room_verbs(CLI::App& app, const verb_parts& parts) {
  auto& family = *app.add_subcommand("room", "Rooms");
  family.require_subcommand(1);
  add_verb<create_options>(family, parts, "create", "Create a room with these members",
                           define_create, create);
  auto define_room = [](CLI::App& verb, room_options& into) {
    verb.add_option("STREAM", into.id, "the room's stream id")->required();
  };
  auto define_users = [define_room](CLI::App& verb, room_options& into) {
    define_room(verb, into);
    verb.add_option("USER", into.users, "id, e-mail address or username")->required();
  };
  add_verb<room_options>(family, parts, "info", "What a room is", define_room,
                         [](asking& with, room_options& given) {
                           auto id = with.read_stream(given.id);
                           if (auto found = id ? with.ask(get_room{with.as(), *id}) : std::nullopt)
                             with.line(to_line(*found));
                         });
  add_verb<room_options>(
      family, parts, "members", "Who is in a room", define_room,
      [](asking& with, room_options& given) {
        auto id = with.read_stream(given.id);
        auto found = id ? with.ask(list_room_members{with.as(), *id}) : std::nullopt;
        for (const auto& each : found ? found->members : std::vector<room_member>{})
          with.line(fmt::format("{{\"user\":{},\"owner\":{}}}\n", each.user.value(), each.owner));
      });
  add_verb<room_options>(
      family, parts, "add", "Add users to a room", define_users,
      [](asking& with, room_options& given) { change<add_room_members>(with, given, "added"); });
  add_verb<room_options>(family, parts, "remove", "Remove users from a room", define_users,
                         [](asking& with, room_options& given) {
                           change<remove_room_members>(with, given, "removed");
                         });
  add_verb<search_options>(
      family, parts, "search", "Find rooms by a part of name, description or keywords",
      [](CLI::App& verb, search_options& into) {
        verb.add_option("TEXT", into.text, "what to look for")->required();
        verb.add_option("--limit", into.limit, "rooms shown")
            ->check(CLI::PositiveNumber)
            ->capture_default_str();
      },
      search);
  family.footer(room_examples);
}

} // namespace tutti::command
