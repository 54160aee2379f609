// tutti stream: list, info, members.
#include <bot/command/verbs/stream_verbs.hpp>

#include <bot/command/verbs/verb.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

namespace tutti::command {

namespace {

std::string to_line(const stream& one) {
  std::string members;
  for (auto each : one.members)
    members += (members.empty() ? "" : ",") + std::to_string(each.value());
  auto more = one.type == stream_type::room
                  ? fmt::format("\"roomName\":{}", json_text(one.room_name))
                  : fmt::format("\"members\":[{}]", members);
  return fmt::format("{{\"streamId\":{},\"type\":\"{}\",\"active\":{},\"crossPod\":{},{}}}\n",
                     json_text(one.id.text()), to_string(one.type), one.active, one.cross_pod,
                     more);
}

std::string to_line(const stream_member& one) {
  return fmt::format("{{\"user\":{},\"displayName\":{},\"company\":{},\"external\":{},"
                     "\"owner\":{},\"creator\":{}}}\n",
                     one.user.value(), json_text(one.display_name), json_text(one.company),
                     one.external, one.owner, one.creator);
}

struct stream_list_options {
  std::vector<std::string> types;
  bool inactive = false;
  std::size_t limit = 1'000;
};

struct stream_options {
  std::string id;
};

void print_streams(asking& with, stream_list_options& given) {
  list_streams wanted{.as = with.as(), .include_inactive = given.inactive};
  for (auto type : {stream_type::im, stream_type::mim, stream_type::room, stream_type::post})
    if (std::find(given.types.begin(), given.types.end(), to_string(type)) != given.types.end())
      wanted.types.push_back(type);
  constexpr std::size_t page = 100;
  while (wanted.skip < given.limit) {
    wanted.limit = std::min(page, given.limit - wanted.skip);
    auto found = with.ask(wanted);
    if (!found)
      return;
    for (const auto& each : found->streams)
      with.line(to_line(each));
    if (found->streams.size() < wanted.limit)
      return;
    wanted.skip += wanted.limit;
  }
  wanted.limit = 1;
  if (auto more = with.ask(wanted); more && !more->streams.empty())
    with.note(
        fmt::format("there are more streams than the {} shown; --limit shows more", given.limit));
}

void members(asking& with, stream_options& given) {
  auto id = with.read_stream(given.id);
  if (!id)
    return;
  list_stream_members wanted{.as = with.as(), .id = *id, .limit = 1'000};
  for (;; wanted.skip += wanted.limit) {
    auto found = with.ask(wanted);
    if (!found)
      return;
    for (const auto& each : found->members)
      with.line(to_line(each));
    if (found->members.size() < wanted.limit)
      return;
  }
}

} // namespace

void add_stream_verbs(CLI::App& app, const verb_parts& parts) {
  auto& family = *app.add_subcommand("stream", "Streams: IMs, rooms and walls");
  family.require_subcommand(1);
  add_verb<stream_list_options>(
      family, parts, "list", "The caller's streams, the oldest first",
      [](CLI::App& verb, stream_list_options& into) {
        verb.add_option("--type", into.types, "only these")
            ->transform(CLI::IsMember({"IM", "MIM", "ROOM", "POST"}, CLI::ignore_case));
        verb.add_flag("--inactive", into.inactive, "those that are not active, too");
        verb.add_option("--limit", into.limit, "streams shown")
            ->check(CLI::PositiveNumber)
            ->capture_default_str();
      },
      print_streams);
  auto define = [](CLI::App& verb, stream_options& into) {
    verb.add_option("STREAM", into.id, "stream id")->required();
  };
  add_verb<stream_options>(family, parts, "info", "What a stream is", define,
                           [](asking& with, stream_options& given) {
                             auto id = with.read_stream(given.id);
                             auto found = id ? with.ask(get_stream{with.as(), *id}) : std::nullopt;
                             if (found)
                               with.line(to_line(*found));
                           });
  add_verb<stream_options>(family, parts, "members",
                           "Who is in any stream (role User Provisioning)", define, members);
}

} // namespace tutti::command
