// Messages: sent as multipart/form-data (RFC 7578), read as JSON.
#include <wire/agent/messages.hpp>

#include <wire/agent/joined_source.hpp>
#include <wire/agent/shapes.hpp>
#include <wire/endpoints.hpp>
#include <wire/query.hpp>

#include <base/crypto/base64.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tutti::wire {

// -- marks ------------------------------------------------------------------------

namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view marker_type = "tutti.marker";

} // namespace

bool takes_marker(std::string_view data) {
  auto begin = data.find_first_not_of(blanks);
  return begin == std::string_view::npos || data[begin] == '{';
}

std::string with_marker(std::string_view data, std::string_view marker) {
  // A key of its own: data that were received, and are sent on, may have a mark already.
  auto entity =
      fmt::format(R"({}:{{"type":"{}","version":"1.0","id":{}}})",
                  json_text(fmt::format("tutti {}", marker)), marker_type, json_text(marker));
  auto begin = data.find_first_not_of(blanks);
  if (begin == std::string_view::npos)
    return fmt::format("{{{}}}", entity);
  auto rest = data.substr(begin + 1);
  auto next = rest.find_first_not_of(blanks);
  auto empty = next != std::string_view::npos && rest[next] == '}';
  return fmt::format("{{{}{}{}", entity, empty ? "" : ",", rest);
}

bool has_marker(std::string_view data, std::string_view marker) {
  if (data.find(marker_type) == std::string_view::npos)
    return false;
  http_response given;
  given.body = data;
  auto read = read_json("entity data", given, [&](auto& document) -> result<bool> {
    simdjson::ondemand::object all = document.get_object();
    for (auto field : all) {
      simdjson::ondemand::object entity;
      if (field.value().get_object().get(entity))
        continue;
      if (optional_text(entity, "type") == marker_type && optional_text(entity, "id") == marker)
        return true;
    }
    return false;
  });
  return read && *read;
}

// -- sending ----------------------------------------------------------------------

namespace {

/// On one line of a header.
std::string on_a_line(std::string text) {
  for (auto& c : text)
    c = static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? ' ' : c;
  return text;
}

/// A name within the quotes of a header.
std::string in_quotes(std::string_view name) {
  std::string made;
  for (char c : name) {
    if (c == '"' || c == '\\')
      made += '\\';
    made += c == '\r' || c == '\n' ? ' ' : c;
  }
  return made;
}

class form {
public:
  explicit form(std::string_view boundary) : boundary_(boundary) {}

  void text(std::string_view name, std::string_view value) {
    begin(name);
    text_ += "\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n";
    text_.append(value).append("\r\n");
  }

  void file(std::string_view name, const form_content::file& what) {
    begin(name);
    text_ += fmt::format("; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n", in_quotes(what.name),
                         on_a_line(what.content_type));
    if (rest_) {
      rest_->add(std::exchange(text_, {}));
    } else {
      body_ = std::exchange(text_, {});
      rest_ = std::make_shared<joined_source>();
    }
    rest_->add(what.content);
    text_ = "\r\n";
  }

  http_request post(std::string target) && {
    text_.append("--").append(boundary_).append("--\r\n");
    if (rest_)
      rest_->add(std::move(text_));
    else
      body_ = std::move(text_);
    return {http_method::post,
            std::move(target),
            std::move(body_),
            false, // A second one would be a second message.
            fmt::format("Content-Type: multipart/form-data; boundary={}\r\n", boundary_),
            std::move(rest_)};
  }

private:
  void begin(std::string_view name) {
    text_.append("--").append(boundary_).append("\r\nContent-Disposition: form-data; name=\"");
    text_.append(name).append("\"");
  }

  std::string_view boundary_;
  /// Up to the first file.
  std::string body_;
  /// From then on; null: there is none.
  std::shared_ptr<joined_source> rest_;
  /// The end so far.
  std::string text_;
};

form form_of(const form_content& what, std::string_view boundary) {
  form made{boundary};
  made.text("message", what.messageml);
  if (!what.data.empty())
    made.text("data", what.data);
  for (const auto& each : what.files)
    made.file("attachment", each);
  return made;
}

std::string messages_of(const stream_id& where) {
  return fmt::format("/agent/v4/stream/{}/message", percent_encoded(where.text()));
}

} // namespace

http_request create_message(const stream_id& where, const form_content& what,
                            std::string_view boundary) {
  return form_of(what, boundary).post(messages_of(where) + "/create");
}

http_request update_message(const stream_id& where, std::string_view id, const form_content& what,
                            bool silent, std::string_view boundary) {
  auto made = form_of(what, boundary);
  made.text("silent", silent ? "true" : "false");
  return std::move(made).post(fmt::format("{}/{}/update", messages_of(where), percent_encoded(id)));
}

http_request blast_message(const std::vector<stream_id>& where, const form_content& what,
                           std::string_view boundary) {
  auto made = form_of(what, boundary);
  std::string ids;
  for (const auto& each : where)
    ids.append(ids.empty() ? "" : ",").append(each.text());
  made.text("sids", ids);
  return std::move(made).post("/agent/v4/message/blast");
}

// -- reading ----------------------------------------------------------------------

namespace {

failure refused_message(std::string_view what, const http_response& answer) {
  auto why = refusal(what, answer);
  if (answer.status == 413)
    why.detail += "; messages may have 1.5 MB, attachments 30 MB each";
  if (answer.status == 451) {
    why.error = errc::rejected;
    why.detail += "; compliance rules of the pod do not let this text or file through";
  }
  return why;
}

result<std::vector<message>> rows_of(std::string_view what, const http_response& answer) {
  if (answer.status == 204)
    return std::vector<message>{};
  if (answer.status != 200)
    return refused_message(what, answer);
  return read_json(
      what, answer,
      [&](auto& document) -> result<std::vector<message>> {
        std::vector<message> all;
        for (simdjson::ondemand::object each : document.get_array())
          all.push_back(read_message(each));
        return all;
      },
      quoting::secret);
}

} // namespace

result<message> read_sent(std::string_view what, const http_response& answer) {
  if (answer.status != 200)
    return refused_message(what, answer);
  return read_json(
      what, answer,
      [&](auto& document) -> result<message> {
        simdjson::ondemand::object all = document.get_object();
        auto made = read_message(all);
        if (made.id().empty())
          return malformed(what, "the message has no id", answer, quoting::secret);
        return made;
      },
      quoting::secret);
}

result<blast_result> read_blast(const http_response& answer) {
  constexpr auto what = "blast (POST /agent/v4/message/blast)";
  if (answer.status != 200)
    return refused_message(what, answer);
  return read_json(
      what, answer,
      [&](auto& document) -> result<blast_result> {
        blast_result read;
        simdjson::ondemand::object all = document.get_object();
        if (auto rows = optional_array(all, "messages"))
          for (simdjson::ondemand::object each : *rows)
            read.sent.push_back(read_message(each));
        if (auto errors = optional_object(all, "errors"))
          for (auto field : *errors) {
            auto id = stream_id::make(std::string_view{field.unescaped_key()});
            simdjson::ondemand::object error = field.value().get_object();
            http_response one;
            one.status = static_cast<int>(optional_integer(error, "code").value_or(500));
            auto why = refusal(what, one);
            why.detail = fmt::format("{}: HTTP {}, the agent says: {}", what, one.status,
                                     optional_text(error, "message").value_or(""));
            read.failed.emplace_back(id ? to_string(*id) : std::string{}, std::move(why));
          }
        return read;
      },
      quoting::secret);
}

http_request get_message(std::string_view id) {
  return {http_method::get, fmt::format("/agent/v1/message/{}", percent_encoded(id)), {}, true};
}

result<std::optional<message>> read_found(const http_response& answer) {
  constexpr auto what = "message (GET /agent/v1/message/{id})";
  if (answer.status == 204)
    return std::optional<message>{};
  auto read = read_sent(what, answer);
  if (!read)
    return read.error();
  return std::optional{std::move(*read)};
}

http_request list_messages(const stream_id& where, std::int64_t since,
                           std::optional<std::int64_t> until, std::size_t skip, std::size_t limit) {
  return {http_method::get,
          fmt::format("{}?since={}{}&skip={}&limit={}", messages_of(where), since,
                      until ? fmt::format("&until={}", *until) : "", skip, limit),
          {},
          true};
}

result<std::vector<message>> read_messages(const http_response& answer) {
  return rows_of("messages (GET /agent/v4/stream/{sid}/message)", answer);
}

http_request search_messages(const message_query& query, std::size_t skip, std::size_t limit) {
  std::string body;
  auto add = [&](std::string_view key, const std::string& value) {
    body += fmt::format(R"({}"{}":{})", body.empty() ? "" : ",", key, value);
  };
  auto add_text = [&](std::string_view key, const std::string& value) {
    if (!value.empty())
      add(key, json_text(value));
  };
  auto add_number = [&](std::string_view key, std::int64_t value) {
    if (value != 0)
      add(key, std::to_string(value));
  };
  add_text("text", query.text);
  add_text("streamId", query.stream);
  add_text("streamType", query.stream_type);
  add_number("author", query.author);
  add_text("hashtag", query.hashtag);
  add_text("cashtag", query.cashtag);
  add_number("mention", query.mention);
  add_number("fromDate", query.from);
  add_number("toDate", query.to);
  return {http_method::post, fmt::format("/agent/v1/message/search?skip={}&limit={}", skip, limit),
          fmt::format("{{{}}}", body), true};
}

http_request suppress_message(std::string_view id) {
  return {http_method::post,
          fmt::format("/pod/v1/admin/messagesuppression/{}/suppress", percent_encoded(id)),
          {},
          true};
}

result<void> read_suppressed(const http_response& answer) {
  if (answer.status != 200)
    return refusal("suppression (POST /pod/v1/admin/messagesuppression/{id}/suppress)", answer);
  return {};
}

http_request attachment(const stream_id& where, std::string_view message_id,
                        std::string_view file_id) {
  return {http_method::get,
          fmt::format("/agent/v1/stream/{}/attachment?fileId={}&messageId={}",
                      percent_encoded(where.text()), percent_encoded(file_id),
                      percent_encoded(message_id)),
          {},
          true};
}

result<std::string> read_attachment(const http_response& answer) {
  constexpr auto what = "attachment (GET /agent/v1/stream/{sid}/attachment)";
  if (answer.status != 200)
    return refusal(what, answer);
  auto bytes = crypto::from_base64_url(answer.body);
  if (bytes.empty() && !answer.body.empty())
    return malformed(what, "it is no Base64", answer, quoting::secret);
  return bytes;
}

} // namespace tutti::wire
