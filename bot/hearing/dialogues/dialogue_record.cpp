#include <bot/hearing/dialogues/dialogue_record.hpp>

#include <type_traits>
#include <utility>

namespace tutti {

namespace {

json_value one_member(const char* name, json_value value) {
  json_value::object made;
  made.emplace(name, std::move(value));
  return {std::move(made)};
}

json_value to_value(const kept_step& step) {
  json_value::object made;
  made.emplace("kind", json_value{step.kind});
  made.emplace("state", tutti::to_value(step.state));
  if (!step.name.empty())
    made.emplace("name", json_value{step.name});
  if (step.result != json_value{})
    made.emplace("result", step.result);
  if (step.attempts > 0)
    made.emplace("attempts", tutti::to_value(step.attempts));
  return {std::move(made)};
}

template <class T>
void read_member(const json_value& from, const char* name, T& into) {
  if (const auto* found = from.find(name))
    detail::at_place(name, [&] { read_value(*found, into); });
}

kept_step read_step(const json_value& from) {
  kept_step read;
  read_member(from, "kind", read.kind);
  read_member(from, "name", read.name);
  read_member(from, "state", read.state);
  read_member(from, "attempts", read.attempts);
  if (const auto* found = from.find("result"))
    read.result = *found;
  return read;
}

} // namespace

std::string written(const dialogue_record& record) {
  json_value::object made;
  made.emplace("id", json_value{record.id});
  made.emplace("command", json_value{record.command});
  made.emplace("arguments", record.arguments);
  made.emplace("person", json_value{record.person});
  made.emplace("person_name", json_value{record.person_name});
  made.emplace("stream", json_value{record.stream});
  made.emplace("stream_type", tutti::to_value(record.stream_type));
  made.emplace("external", json_value{record.external});
  made.emplace("event", json_value{record.event});
  json_value::array steps;
  steps.reserve(record.steps.size());
  for (const auto& each : record.steps)
    steps.push_back(to_value(each));
  made.emplace("steps", json_value{std::move(steps)});
  return to_json({std::move(made)});
}

result<dialogue_record> read_record(std::string_view text) {
  const auto all = read_json(text);
  if (!all)
    return all.error();
  try {
    dialogue_record read;
    read_member(*all, "id", read.id);
    read_member(*all, "command", read.command);
    if (const auto* found = all->find("arguments"))
      read.arguments = *found;
    read_member(*all, "person", read.person);
    read_member(*all, "person_name", read.person_name);
    read_member(*all, "stream", read.stream);
    read_member(*all, "stream_type", read.stream_type);
    read_member(*all, "external", read.external);
    read_member(*all, "event", read.event);
    if (const auto* steps = all->find("steps"))
      for (const auto& each : detail::as<json_value::array>(*steps, "a list"))
        read.steps.push_back(read_step(each));
    return read;
  } catch (const misfit_error& error) {
    return failure{errc::protocol_error, error.what(), 0, "dialogue"};
  }
}

json_value written(const argument_value& one) {
  return std::visit(
      [](const auto& each) -> json_value {
        using type = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<type, std::monostate>)
          return {};
        else if constexpr (std::is_same_v<type, std::string>)
          return one_member("text", {each});
        else if constexpr (std::is_same_v<type, std::int64_t>)
          return one_member("integer", {each});
        else if constexpr (std::is_same_v<type, double>)
          return one_member("decimal", {each});
        else if constexpr (std::is_same_v<type, bool>)
          return one_member("bool", {each});
        else if constexpr (std::is_same_v<type, std::chrono::year_month_day>)
          return one_member("date", tutti::to_value(each));
        else if constexpr (std::is_same_v<type, std::chrono::milliseconds>)
          return one_member("duration", tutti::to_value(each));
        else
          return one_member(
              "user", {json_value::array{tutti::to_value(each.id), json_value{each.display_name}}});
      },
      one);
}

namespace {

template <class T>
argument_value read_as(const json_value& from) {
  T read{};
  read_value(from, read);
  return argument_value{std::move(read)};
}

argument_value read_user(const json_value& from) {
  const auto& pair = detail::as<json_value::array>(from, "a user");
  user_info who;
  if (pair.size() != 2)
    throw misfit_error{"not a user"};
  read_value(pair[0], who.id);
  read_value(pair[1], who.display_name);
  return argument_value{std::move(who)};
}

} // namespace

argument_value read_argument(const json_value& from) {
  constexpr std::pair<const char*, argument_value (*)(const json_value&)> forms[] = {
      {"text", read_as<std::string>},
      {"integer", read_as<std::int64_t>},
      {"decimal", read_as<double>},
      {"bool", read_as<bool>},
      {"date", read_as<std::chrono::year_month_day>},
      {"duration", read_as<std::chrono::milliseconds>},
      {"user", read_user}};
  for (const auto& [name, read] : forms)
    if (const auto* found = from.find(name))
      return read(*found);
  return {};
}

json_value written(const std::vector<argument_value>& arguments) {
  json_value::array made;
  made.reserve(arguments.size());
  for (const auto& each : arguments)
    made.push_back(written(each));
  return {std::move(made)};
}

std::vector<argument_value> read_arguments(const json_value& from) {
  std::vector<argument_value> read;
  for (const auto& each : detail::as<json_value::array>(from, "a list"))
    read.push_back(read_argument(each));
  return read;
}

} // namespace tutti
