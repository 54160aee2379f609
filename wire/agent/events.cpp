// Events, as feeds hand them out and histories keep them.
#include <wire/agent/events.hpp>

#include <wire/agent/shapes.hpp>
#include <wire/endpoints.hpp>
#include <wire/json.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace tutti::wire {

namespace {

using simdjson::ondemand::object;

/// The stream's id, in the url-safe dialect; empty for none.
std::string stream_text(object& holder) {
  auto stream = optional_object(holder, "stream");
  if (!stream)
    return {};
  auto id = stream_id::make(optional_text(*stream, "streamId").value_or(""));
  return id ? to_string(*id) : std::string{};
}

/// Where it happened: the payload has one member, with a stream or with a message that has one.
std::string place_of(object& payload) {
  for (auto field : payload) {
    object inner;
    if (field.value().get_object().get(inner))
      return {};
    if (auto message = optional_object(inner, "message"))
      return stream_text(*message);
    inner.reset();
    return stream_text(inner);
  }
  return {};
}

/// Nothing for a row that is no event.
std::optional<raw_event> read_row(simdjson::ondemand::value row) {
  object all;
  if (row.get_object().get(all))
    return std::nullopt;
  raw_event read;
  read.body = std::string_view{all.raw_json()};
  all.reset();
  auto type = optional_text(all, "type");
  if (!type || type->empty())
    return std::nullopt;
  read.kind = read_event_kind(*type);
  std::string key{*type};
  auto message_id = optional_text(all, "messageId").value_or("");
  auto keyed = !message_id.empty();
  key.append(1, ' ').append(message_id);
  read.at = std::chrono::duration_cast<std::chrono::milliseconds>(
                optional_time(all, "timestamp").time_since_epoch())
                .count();
  if (auto initiator = optional_object(all, "initiator"))
    if (auto user = optional_object(*initiator, "user"))
      if (auto id = user_id::make(optional_integer(*user, "userId").value_or(0)))
        read.initiator = *id;
  if (auto payload = optional_object(all, "payload"))
    read.stream = place_of(*payload);
  if (read.kind == event_kind::form_replied)
    key.append(1, ' ').append(std::to_string(read.initiator.value()));
  if (keyed)
    read.key = std::move(key);
  return read;
}

} // namespace

result<event_batch> read_events(const http_response& answer) {
  constexpr auto what = "read of a feed (POST /agent/v5/datafeeds/{id}/read)";
  if (answer.status != 200)
    return refusal(what, answer);
  if (!simdjson::validate_utf8(answer.body)) {
    auto valid = answer; // One such event must not keep the others of its batch away for ever.
    valid.body = valid_utf8(answer.body);
    return read_events(valid);
  }
  return read_json(
      what, answer,
      [&](auto& document) -> result<event_batch> {
        event_batch read;
        object all = document.get_object();
        if (auto rows = optional_array(all, "events"))
          for (auto row : *rows) {
            if (auto cell = row.value(); cell.is_null())
              continue; // How an agent before 20.12 says that presence has changed.
            else if (auto one = read_row(cell))
              read.events.push_back(std::move(*one));
            else
              ++read.unreadable;
          }
        auto ack = optional_text(all, "ackId");
        if (!ack)
          return malformed(what, "the answer has no ackId", answer, quoting::secret);
        read.ack_id = *ack;
        return read;
      },
      quoting::secret);
}

namespace {

/// A row of a history, schema V4Message; nothing for one without an id.
std::optional<raw_event> read_history_row(object& row) {
  const std::string raw{std::string_view{row.raw_json()}};
  row.reset();
  raw_event read;
  read.kind = event_kind::message_sent;
  auto id = optional_text(row, "messageId").value_or("");
  if (id.empty())
    return std::nullopt;
  const auto type = to_string(read.kind);
  read.key = fmt::format("{} {}", type, id);
  read.stream = stream_text(row);
  read.at = std::chrono::duration_cast<std::chrono::milliseconds>(
                optional_time(row, "timestamp").time_since_epoch())
                .count();
  std::string user = "{}";
  if (auto from = optional_object(row, "user")) {
    user = std::string_view{from->raw_json()};
    from->reset();
    if (auto who = user_id::make(optional_integer(*from, "userId").value_or(0)))
      read.initiator = *who;
  }
  read.body =
      fmt::format(R"({{"type":"{}","id":{},"messageId":{},"timestamp":{},)"
                  R"("initiator":{{"user":{}}},"payload":{{"messageSent":{{"message":{}}}}}}})",
                  type, json_text(id), json_text(id), read.at, user, raw);
  return read;
}

} // namespace

result<std::vector<raw_event>> read_history_events(const http_response& answer) {
  constexpr auto what = "messages (GET /agent/v4/stream/{sid}/message)";
  if (answer.status == 204)
    return std::vector<raw_event>{};
  if (answer.status != 200)
    return refusal(what, answer);
  return read_json(
      what, answer,
      [&](auto& document) -> result<std::vector<raw_event>> {
        std::vector<raw_event> all;
        for (object each : document.get_array())
          if (auto one = read_history_row(each))
            all.push_back(std::move(*one));
        return all;
      },
      quoting::secret);
}

namespace {

form_reply read_form(object& inner) {
  form_reply read;
  read.message_id = optional_text(inner, "formMessageId").value_or("");
  read.form_id = optional_text(inner, "formId").value_or("");
  auto values = optional_object(inner, "formValues");
  if (!values)
    return read;
  for (auto field : *values) {
    std::string name{std::string_view{field.unescaped_key()}};
    std::vector<std::string> all;
    auto value = field.value();
    simdjson::ondemand::array several;
    std::string_view text;
    if (!value.get_string().get(text)) {
      all.emplace_back(text);
    } else if (!value.get_array().get(several)) {
      for (auto each : several)
        if (!each.get_string().get(text))
          all.emplace_back(text);
        else // A table's selection has rows: as they are.
          all.emplace_back(std::string_view{simdjson::to_json_string(each.value())});
    } else {
      all.emplace_back(std::string_view{simdjson::to_json_string(value)});
    }
    if (name == "action" && !all.empty())
      read.action = all.front();
    else
      read.values.emplace_back(std::move(name), std::move(all));
  }
  return read;
}

void read_users(object& inner, const char* key, std::vector<user_info>& into) {
  if (auto rows = optional_array(inner, key))
    for (object each : *rows)
      into.push_back(read_user_info(each));
}

/// The one member of the payload.
void read_payload(object inner, event& into) {
  using enum event_kind;
  switch (into.kind) {
  case message_sent:
    if (auto message = optional_object(inner, "message"))
      into.message = read_message(*message);
    into.stream = into.message.stream();
    return;
  case shared_post:
    if (auto message = optional_object(inner, "message"))
      into.message = read_message(*message);
    if (auto message = optional_object(inner, "sharedMessage"))
      into.shared = read_message(*message);
    into.stream = into.message.stream();
    return;
  default:
    break;
  }
  if (auto stream = optional_object(inner, "stream")) {
    into.stream = read_message_stream(*stream);
    if (into.kind == im_created)
      read_users(*stream, "members", into.affected);
  }
  if (into.kind == message_suppressed)
    into.suppressed = optional_text(inner, "messageId").value_or("");
  if (into.kind == form_replied)
    into.form = read_form(inner);
  read_users(inner, "affectedUsers", into.affected);
  for (const auto* key : {"affectedUser", "toUser", "fromUser"})
    if (auto user = optional_object(inner, key))
      into.affected.push_back(read_user_info(*user));
}

} // namespace

result<event> read_event(std::string_view body) {
  constexpr auto what = "event";
  http_response given;
  given.body = body;
  return read_json(
      what, given,
      [&](auto& document) -> result<event> {
        object all = document.get_object();
        event read;
        read.type = optional_text(all, "type").value_or("");
        if (read.type.empty())
          return malformed(what, "it has no type", given, quoting::secret);
        read.kind = read_event_kind(read.type);
        read.id = optional_text(all, "id").value_or("");
        read.message_id = optional_text(all, "messageId").value_or("");
        read.at = optional_time(all, "timestamp");
        if (auto initiator = optional_object(all, "initiator"))
          if (auto user = optional_object(*initiator, "user"))
            read.initiator = read_user_info(*user);
        if (auto payload = optional_object(all, "payload")) {
          read.payload = std::string_view{payload->raw_json()};
          payload->reset();
          for (auto field : *payload) {
            object inner;
            if (!field.value().get_object().get(inner))
              read_payload(inner, read);
            break;
          }
        }
        return read;
      },
      quoting::secret);
}

} // namespace tutti::wire
