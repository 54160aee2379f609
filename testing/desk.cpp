#include <testing/desk_state.hpp>

namespace tutti::testing {

desk::desk(config settings, core_factories replacements)
    : state_(std::make_unique<state>(std::move(settings), std::move(replacements))) {}

desk::~desk() = default;

tutti::bot& desk::bot() {
  return *state_->bot;
}

desk_user desk::user(const std::string& name) {
  if (!state_->wire->pod().users.find(name))
    state_->add_user(name, false);
  return {*this, name};
}

stream_id desk::room(const std::string& name, const std::vector<desk_user>& members) {
  if (members.empty())
    throw std::runtime_error{"a room is made by somebody: name a person"};
  auto& here = *state_;
  here.runs();
  auto& pod = here.wire->pod();
  const auto& owner = here.person(members.front().name());
  emulator::room wanted;
  wanted.name = wanted.description = name;
  const auto* made = value_of(pod.rooms.create(owner, std::move(wanted), here.wire->time()));
  pod.events.room_created(*made, owner, here.wire->time());
  std::vector<emulator::uid> others{here.person(bot_name).id};
  for (const auto& each : members)
    others.push_back(here.person(each.name()).id);
  for (auto each : others)
    if (each != owner.id) {
      value_of(pod.rooms.add_member(owner, made->id, each, here.wire->time()));
      pod.events.member_joined(*made, each, owner, here.wire->time());
    }
  here.runs();
  return stream_id::make(made->id).value();
}

std::vector<std::string> desk::texts(const stream_id& where) const {
  std::vector<std::string> all;
  for (const auto* each : state_->wire->pod().messages.of(to_string(where)))
    all.push_back(each->text);
  return all;
}

message desk::last_form() const {
  const emulator::message* last = nullptr;
  const auto bots = state_->person(bot_name).id;
  for (const auto& [stream, all] : state_->wire->pod().messages.by_stream())
    for (const auto* each : all)
      if (each->author == bots && each->presentation.find("<form id=\"") != std::string::npos &&
          (!last || each->at >= last->at))
        last = each;
  if (!last)
    throw std::runtime_error{"the bot has sent no form"};
  return state_->shown(*last);
}

void desk::runs() {
  state_->runs();
}

void desk::passes(std::chrono::milliseconds time) {
  state_->passes(time);
}

void desk::restarts_the_bot() {
  state_->restart();
}

void desk::kills_the_bot_at(const std::string& part, bool carried_out) {
  state_->wire->plan({part, 1, carried_out, std::nullopt, true});
}

void desk::kills_the_bot_at_write(int count, bool kept) {
  state_->journal->plan_death(count, kept, [wire = state_->wire] { wire->kills = true; });
}

void desk::loses_the_feed() {
  state_->loses_feed = true;
}

void desk::loses_answers(const std::string& part, int count) {
  state_->wire->plan(
      {part, count, true, failure{errc::unreachable, "the answer was lost", 0, "connection_lost"}});
}

void desk::refuses(const std::string& part, int status, int count) {
  http_response no;
  no.status = status;
  no.body = R"({"code":0,"message":"the test says no"})";
  state_->wire->plan({part, count, false, std::move(no)});
}

} // namespace tutti::testing
