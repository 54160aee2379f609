#include <emulator/state/agent/shapes.hpp>

#include <emulator/text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <variant>

namespace tutti::emulator {

namespace {

namespace json = boost::json;

/// Sizes of the previews that a real pod makes of an image.
constexpr const char* preview_sizes[] = {"150", "600", "ORIGINAL"};

json::array attachments_shape(const std::vector<attachment>& all) {
  json::array rows;
  for (const auto& each : all) {
    json::array images;
    if (each.preview)
      for (const auto* size : preview_sizes)
        images.push_back({{"id", each.id + "_" + size}, {"dimension", size}});
    rows.push_back({{"id", each.id},
                    {"name", valid_text(each.name)},
                    {"size", each.bytes->size()},
                    {"images", std::move(images)}});
  }
  return rows;
}

} // namespace

json::object user_shape(const user& who) {
  json::object made{{"userId", who.id}};
  if (!who.service_account) { // They have neither.
    auto space = std::min(who.display_name.find(' '), who.display_name.size());
    made["firstName"] = who.display_name.substr(0, space);
    made["lastName"] = space < who.display_name.size() ? who.display_name.substr(space + 1) : "";
  }
  made["displayName"] = who.display_name;
  made["email"] = who.email;
  made["username"] = who.username;
  return made;
}

json::object stream_shape(const streams& all, const any_stream& one) {
  json::object made{{"streamId", one.id()}, {"streamType", one.type()}};
  if (one.place)
    made["roomName"] = one.place->name;
  auto cross = all.is_cross_pod(one);
  made["external"] = cross;
  made["crossPod"] = cross;
  return made;
}

json::object message_shape(const users& people, const streams& all, const message& one,
                           bool arrives) {
  const auto& author = people.at(one.author);
  auto where = std::get<any_stream>(all.find(one.stream));
  json::object made{
      {"messageId", one.id},
      {"timestamp", one.at},
      {"message", one.presentation},
      {"data", one.data},
      {"user", user_shape(author)},
      {"stream", stream_shape(all, where)},
      {"userAgent", author.service_account ? "Agent-25.8.1-Linux-4.18" : "DESKTOP-50.0.0-Chrome"},
      {"originalFormat", "com.symphony.messageml.v2"},
      {"sid", "5a0f1e52-6f0d-4f3b-8b3f-6d0c8d1f9c11"}};
  if (!one.attachments.empty())
    made["attachments"] = attachments_shape(one.attachments);
  if (arrives)
    made["externalRecipients"] = all.is_cross_pod(where);
  if (!one.replacing.empty()) {
    made["replacing"] = one.replacing;
    made["initialMessageId"] = one.initial_id;
    made["initialTimestamp"] = std::to_string(one.initial_at);
    made["silent"] = one.silent;
  }
  if (!one.replaced_by.empty() && !arrives)
    made["replacedBy"] = one.replaced_by;
  return made;
}

} // namespace tutti::emulator
