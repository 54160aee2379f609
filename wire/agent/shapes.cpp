#include <wire/agent/shapes.hpp>

#include <wire/endpoints.hpp>

namespace tutti::wire {

user_info read_user_info(simdjson::ondemand::object& from) {
  user_info read;
  if (auto id = user_id::make(optional_integer(from, "userId").value_or(0)))
    read.id = *id;
  read.first_name = optional_text(from, "firstName").value_or("");
  read.last_name = optional_text(from, "lastName").value_or("");
  read.display_name = optional_text(from, "displayName").value_or("");
  read.email = optional_text(from, "email").value_or("");
  read.username = optional_text(from, "username").value_or("");
  return read;
}

message_stream read_message_stream(simdjson::ondemand::object& from) {
  message_stream read;
  if (auto id = stream_id::make(optional_text(from, "streamId").value_or("")))
    read.id = *id;
  read.type = read_stream_type(optional_text(from, "streamType").value_or(""));
  read.room_name = optional_text(from, "roomName").value_or("");
  read.external = optional_flag(from, "external").value_or(false);
  return read;
}

message read_message(simdjson::ondemand::object& from) {
  message::fields read;
  auto text = [&](const char* key) { return std::string{optional_text(from, key).value_or("")}; };
  read.id = text("messageId");
  read.at = optional_time(from, "timestamp");
  read.presentation = text("message");
  read.data = text("data");
  if (auto rows = optional_array(from, "attachments"))
    for (simdjson::ondemand::object each : *rows) {
      attachment_info one;
      one.id = optional_text(each, "id").value_or("");
      one.name = optional_text(each, "name").value_or("");
      auto size = optional_integer(each, "size").value_or(0);
      one.size = size > 0 ? static_cast<std::size_t>(size) : 0;
      read.attachments.push_back(std::move(one));
    }
  if (auto user = optional_object(from, "user"))
    read.sender = read_user_info(*user);
  if (auto stream = optional_object(from, "stream"))
    read.stream = read_message_stream(*stream);
  read.replacing = text("replacing");
  read.initial_id = text("initialMessageId");
  read.parent_id = text("parentMessageId");
  read.diagnostic = text("diagnostic");
  return message{std::move(read)};
}

} // namespace tutti::wire
