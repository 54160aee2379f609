#include <emulator/control/people.hpp>

#include <boost/json.hpp>

namespace tutti::emulator {

namespace json = boost::json;

answer<std::string> im_of(pod& state, const user& who, const std::vector<uid>& others,
                          time_point now) {
  const auto known = state.conversations.all().size();
  auto id = state.conversations.create(who, others, now);
  if (std::holds_alternative<std::string>(id) && state.conversations.all().size() > known)
    state.events.im_created(*state.conversations.find(std::get<std::string>(id)), who, now);
  return id;
}

answer<const message*> say_as(pod& state, const user& who, const std::string& stream, draft what,
                              time_point now) {
  what.typed = true;
  auto made = state.messages.create(who, stream, std::move(what), now);
  if (const auto* sent = std::get_if<const message*>(&made))
    state.events.message_sent(**sent, now);
  return made;
}

answer<bool> reply_to_form_as(pod& state, const user& who, const form_reply& what, time_point now) {
  const auto* about = state.messages.find(who, what.message);
  if (!about)
    return refusal{400, "There is no such message, or " + who.username + " does not see it"};
  if (about->presentation.find("<form id=\"" + what.form + "\"") == std::string::npos)
    return refusal{400, "The message has no form " + what.form};
  state.events.form_replied(*about, what, who, now);
  return true;
}

namespace {

/// The body must be an object; throws std::exception, boost::json's own included.
class given {
public:
  given(pod& state, json::object all) : state_(state), all_(std::move(all)) {}

  const user& from() const { return named(text("from")); }

  const user& named(const std::string& name) const {
    const auto* found = state_.users.find(name);
    if (!found)
      throw std::runtime_error{"there is no user " + name};
    return *found;
  }

  std::string text(const char* key) const {
    const auto* found = all_.if_contains(key);
    return found ? std::string{found->as_string()} : std::string{};
  }

  const json::object& all() const { return all_; }

private:
  pod& state_;
  json::object all_;
};

reply refused(const refusal& why) {
  return error_reply(why);
}

reply write_message(pod& state, const given& in, time_point now) {
  const auto& who = in.from();
  auto stream = in.text("stream");
  if (const auto* to = in.all().if_contains("to")) {
    std::vector<uid> others;
    for (const auto& each : to->as_array())
      others.push_back(in.named(std::string{each.as_string()}).id);
    auto opened = im_of(state, who, others, now);
    if (const auto* why = std::get_if<refusal>(&opened))
      return refused(*why);
    stream = std::get<std::string>(opened);
  }
  draft what;
  what.message = in.text("messageML");
  what.data = in.text("data");
  if (what.message.empty())
    what.message = state.messages.as_markup(in.text("text"), stream);
  answer<const message*> made;
  if (auto replaced = in.text("replacing"); !replaced.empty()) {
    what.typed = true;
    made = state.messages.update(who, stream, replaced, std::move(what), now);
    if (const auto* sent = std::get_if<const message*>(&made))
      state.events.message_sent(**sent, now);
  } else {
    made = say_as(state, who, stream, std::move(what), now);
  }
  if (const auto* why = std::get_if<refusal>(&made))
    return refused(*why);
  return json_reply({{"messageId", std::get<const message*>(made)->id}, {"stream", stream}});
}

reply answer_form(pod& state, const given& in, time_point now) {
  const auto* values = in.all().if_contains("values");
  auto done = reply_to_form_as(
      state, in.from(),
      {in.text("message"), in.text("form"), values ? values->as_object() : json::object{}}, now);
  if (const auto* why = std::get_if<refusal>(&done))
    return refused(*why);
  return {200, "{}"};
}

} // namespace

namespace {

reply list_all_messages(const pod& state) {
  json::object streams;
  for (const auto& [stream, all] : state.messages.by_stream()) {
    json::array rows;
    for (const auto* each : all)
      rows.push_back({{"messageId", each->id},
                      {"from", state.users.at(each->author).username},
                      {"at", each->at},
                      {"text", each->text},
                      {"replacing", each->replacing}});
    streams[stream] = std::move(rows);
  }
  return json_reply(streams);
}

reply write_messages(pod& state, json::value&& body, time_point now) {
  if (!body.is_array())
    return write_message(state, {state, std::move(body.as_object())}, now);
  json::array done;
  for (auto& each : body.as_array()) {
    auto one = write_message(state, {state, std::move(each.as_object())}, now);
    if (one.status != 200)
      return one;
    done.push_back(json::parse(one.body));
  }
  return json_reply(done);
}

} // namespace

namespace {

/// Users who may only be talked with.
reply add_users(pod& state, const json::object& all) {
  const auto company = all.at("pod").to_number<std::int64_t>();
  json::object ids;
  for (const auto& each : all.at("usernames").as_array()) {
    user one;
    one.company = company;
    one.username = one.display_name = std::string{each.as_string()};
    one.email = one.username + "@desk";
    const auto* known = state.users.find(one.username);
    const auto name = one.username;
    ids[name] = known ? known->id : state.users.add(std::move(one));
  }
  return json_reply(ids);
}

} // namespace

std::optional<reply> act_for_people(pod& state, std::string_view method, std::string_view path,
                                    const std::string& body, time_point now) {
  const auto about_messages = path == "/emulator/messages";
  if (method == "GET" && about_messages)
    return list_all_messages(state);
  if (method != "POST" ||
      (!about_messages && path != "/emulator/forms" && path != "/emulator/users"))
    return std::nullopt;
  try {
    auto all = json::parse(body);
    if (path == "/emulator/users")
      return add_users(state, all.as_object());
    return about_messages ? write_messages(state, std::move(all), now)
                          : answer_form(state, {state, std::move(all.as_object())}, now);
  } catch (const std::exception& wrong) {
    return error_reply(400, std::string{"The body cannot be worked with: "} + wrong.what());
  }
}

} // namespace tutti::emulator
