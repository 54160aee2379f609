#include <emulator/state/agent/events.hpp>

#include <emulator/state/agent/shapes.hpp>
#include <emulator/text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

std::vector<uid> members_of(const room& where) {
  std::vector<uid> all;
  all.reserve(where.members.size());
  for (const auto& [id, each] : where.members)
    all.push_back(id);
  return all;
}

std::vector<uid> members_of(const any_stream& where) {
  return where.place ? members_of(*where.place)
                     : std::vector<uid>{where.talk->members.begin(), where.talk->members.end()};
}

json::object properties_of(const users& people, const room& what) {
  json::array keywords;
  for (const auto& [key, value] : what.keywords)
    keywords.push_back({{"key", key}, {"value", value}});
  return {{"name", what.name},
          {"description", what.description},
          {"creatorUser", user_shape(people.at(what.creator))},
          {"createdDate", what.created_at},
          {"external", what.has("crossPod")},
          {"crossPod", what.has("crossPod")},
          {"public", what.has("public")},
          {"copyProtected", what.has("copyProtected")},
          {"readOnly", what.has("readOnly")},
          {"discoverable", what.has("discoverable")},
          {"membersCanInvite", what.has("membersCanInvite")},
          {"keywords", std::move(keywords)},
          {"canViewHistory", what.has("viewHistory")}};
}

} // namespace

void events::publish(std::string_view type, std::string_view key, json::object payload,
                     const user& by, std::string_view message_id, const std::vector<uid>& to,
                     time_point now) {
  // Others have an id of their own as well; what it names is undocumented.
  auto id = message_id.empty() ? mint_.message_id(now) : std::string{message_id};
  json::object made{{"id", mint_.hex(8)},
                    {"messageId", std::move(id)},
                    {"timestamp", millis(now)},
                    {"type", type},
                    {"initiator", {{"user", user_shape(by)}}},
                    {"payload", {{key, std::move(payload)}}}};
  event_place where{type, {by.company}};
  for (auto each : to)
    where.companies.insert(users_.at(each).company);
  feeds_.publish(to, where, std::make_shared<const std::string>(json::serialize(made)), now);
}

json::object events::stream_of(const room& where) const {
  return stream_shape(streams_, {nullptr, &where});
}

// -- messages ---------------------------------------------------------------------

void events::message_sent(const message& what, time_point now) {
  auto where = std::get<any_stream>(streams_.find(what.stream));
  publish("MESSAGESENT", "messageSent", {{"message", message_shape(users_, streams_, what, true)}},
          users_.at(what.author), what.id, members_of(where), now);
}

void events::message_suppressed(const message& what, const user& by, time_point now) {
  auto where = std::get<any_stream>(streams_.find(what.stream));
  publish("MESSAGESUPPRESSED", "messageSuppressed",
          {{"messageId", what.id}, {"stream", {{"streamId", what.stream}}}}, by, {},
          members_of(where), now);
}

void events::form_replied(const message& about, const form_reply& what, const user& by,
                          time_point now) {
  auto where = std::get<any_stream>(streams_.find(about.stream));
  publish("SYMPHONYELEMENTSACTION", "symphonyElementsAction",
          {{"stream", {{"streamId", standard_base64(about.stream)}, {"streamType", where.type()}}},
           {"formMessageId", about.id},
           {"formId", what.form},
           {"formValues", what.values}},
          by, {}, {about.author}, now);
}

void events::shared_post(const message& what, const message& shared, const user& by,
                         time_point now) {
  publish("SHAREDPOST", "sharedPost",
          {{"message", message_shape(users_, streams_, what, true)},
           {"sharedMessage", message_shape(users_, streams_, shared, true)}},
          by, what.id, {by.id, shared.author}, now);
}

// -- streams ----------------------------------------------------------------------

void events::im_created(const conversation& what, const user& by, time_point now) {
  any_stream where{&what, nullptr};
  json::array members;
  for (auto id : what.members)
    members.emplace_back(json::object{{"userId", id}});
  publish("INSTANTMESSAGECREATED", "instantMessageCreated",
          {{"stream",
            {{"streamId", what.id},
             {"streamType", where.type()},
             {"members", std::move(members)},
             {"external", streams_.is_cross_pod(where)}}}},
          by, {}, members_of(where), now);
}

void events::room_created(const room& what, const user& by, time_point now) {
  publish("ROOMCREATED", "roomCreated",
          {{"stream", stream_of(what)}, {"roomProperties", properties_of(users_, what)}}, by, {},
          {what.creator}, now);
}

void events::room_updated(const room& what, const user& by, time_point now) {
  publish("ROOMUPDATED", "roomUpdated",
          {{"stream", stream_of(what)}, {"newRoomProperties", properties_of(users_, what)}}, by, {},
          members_of(what), now);
}

void events::room_set_active(const room& what, const user& by, time_point now) {
  const auto* type = what.active ? "ROOMREACTIVATED" : "ROOMDEACTIVATED";
  const auto* key = what.active ? "roomReactivated" : "roomDeactivated";
  publish(type, key, {{"stream", {{"streamId", what.id}, {"streamType", "ROOM"}}}}, by, {},
          members_of(what), now);
}

void events::affects_member(std::string_view type, std::string_view key, const room& where,
                            uid whom, const user& by, std::vector<uid> to, time_point now) {
  publish(type, key, {{"stream", stream_of(where)}, {"affectedUser", user_shape(users_.at(whom))}},
          by, {}, to, now);
}

void events::member_joined(const room& where, uid whom, const user& by, time_point now) {
  affects_member("USERJOINEDROOM", "userJoinedRoom", where, whom, by, members_of(where), now);
}

void events::member_left(const room& where, uid left, const user& by, time_point now) {
  auto to = members_of(where);
  to.push_back(left);
  affects_member("USERLEFTROOM", "userLeftRoom", where, left, by, std::move(to), now);
}

void events::owner_set(const room& where, uid whom, const user& by, time_point now) {
  auto owner = where.members.at(whom).owner;
  affects_member(owner ? "ROOMMEMBERPROMOTEDTOOWNER" : "ROOMMEMBERDEMOTEDFROMOWNER",
                 owner ? "roomMemberPromotedToOwner" : "roomMemberDemotedFromOwner", where, whom,
                 by, members_of(where), now);
}

void events::asked_to_join(const room& where, const user& by, time_point now) {
  json::array owners;
  std::vector<uid> to{by.id};
  for (const auto& [id, each] : where.members)
    if (each.owner) {
      owners.push_back(user_shape(users_.at(id)));
      to.push_back(id);
    }
  publish("USERREQUESTEDTOJOINROOM", "userRequestedToJoinRoom",
          {{"stream", {{"streamId", where.id}, {"streamType", "ROOM"}, {"members", json::array{}}}},
           {"affectedUsers", std::move(owners)}},
          by, {}, to, now);
}

// -- people -----------------------------------------------------------------------

namespace {

/// Connection events show no e-mail.
json::object without_email(const user& who) {
  auto shown = user_shape(who);
  shown.erase("email");
  return shown;
}

} // namespace

void events::connection_requested(const user& by, const user& to, time_point now) {
  publish("CONNECTIONREQUESTED", "connectionRequested", {{"toUser", without_email(to)}}, by, {},
          {by.id, to.id}, now);
}

void events::connection_accepted(const user& by, const user& from, time_point now) {
  publish("CONNECTIONACCEPTED", "connectionAccepted", {{"fromUser", without_email(from)}}, by, {},
          {by.id, from.id}, now);
}

void events::generic(const std::string& stream, std::string_view subtype, json::object parameters,
                     const user& by, time_point now) {
  auto where = std::get<any_stream>(streams_.find(stream));
  auto cross = streams_.is_cross_pod(where);
  publish("GENERICSYSTEMEVENT", "genericSystemEvent",
          {{"stream", {{"streamId", where.id()}, {"external", cross}, {"crossPod", cross}}},
           {"eventTimestamp", millis(now)},
           {"sourceSystem", "tutti-pod"},
           {"eventSubtype", subtype},
           {"parameters", std::move(parameters)}},
          by, {}, members_of(where), now);
}

} // namespace tutti::emulator
