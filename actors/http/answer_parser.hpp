// Beast's parser, keeping of an answer only what Tutti acts on.
#pragma once

#include <tutti/http_message.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <utility>

namespace tutti::http {

/// Parses one answer into an `http_response`: no map of fields, and a body that leaves room behind
/// it for parsers that read ahead (simdjson).
class answer_parser final : public boost::beast::http::basic_parser<false> {
public:
  /// Bytes of spare capacity behind the body.
  static constexpr std::size_t spare = 64;
  /// Most bytes kept of a header's value: these are shown to people.
  static constexpr std::size_t max_text = 128;

  /// Answers larger than `max_body` bytes end in `http::error::body_limit`.
  explicit answer_parser(std::size_t max_body) {
    eager(true);
    body_limit(max_body);
    header_limit(64 * 1024);
  }

  int status() const noexcept { return answer_.status; }
  /// It wants a user and a password, as proxies do and Symphony never does.
  bool basic_challenge() const noexcept { return basic_challenge_; }
  /// 1xx: the answer proper is still to come.
  bool interim() const noexcept { return answer_.status < 200; }

  http_response take() { return std::move(answer_); }

  /// `Content-Encoding`, when it is another than none: nobody has asked for one.
  const std::string& encoding() const noexcept { return encoding_; }

private:
  using field = boost::beast::http::field;
  using text = boost::beast::string_view;
  using error = boost::beast::error_code;

  void on_request_impl(boost::beast::http::verb, text, text, int, error&) override {}

  void on_response_impl(int status, text, int, error&) override { answer_.status = status; }

  void on_field_impl(field name, text, text value, error&) override {
    switch (name) {
    case field::content_type:
      if (!value.starts_with("application/json"))
        keep(answer_.content_type, value);
      break;
    case field::content_encoding:
      if (value != "identity")
        keep(encoding_, value);
      break;
    case field::proxy_authenticate:
    case field::www_authenticate: // Of tinyproxy, for a wrong password.
      basic_challenge_ = basic_challenge_ || value.starts_with("Basic");
      break;
    case field::date:
      if (answer_.status >= 400)
        keep(answer_.date, value);
      break;
    case field::retry_after: {
      std::uint32_t seconds = 0;
      auto [end, bad] = std::from_chars(value.data(), value.data() + value.size(), seconds);
      if (bad == std::errc{} && end == value.data() + value.size())
        answer_.retry_after = seconds;
      break;
    }
    default:
      break;
    }
  }

  void on_header_impl(error&) override {}

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error&) override {
    answer_.body.reserve((length ? static_cast<std::size_t>(*length) : 0) + spare);
  }

  std::size_t on_body_impl(text part, error&) override { return append(part); }

  void on_chunk_header_impl(std::uint64_t, text, error&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, text part, error&) override { return append(part); }

  void on_finish_impl(error&) override {
    answer_.body.reserve(answer_.body.size() + spare); // Chunks may have used the room up.
  }

  static void keep(std::string& where, text value) {
    where.assign(value.data(), std::min(value.size(), max_text));
  }

  std::size_t append(text part) {
    answer_.body.append(part.data(), part.size());
    return part.size();
  }

  http_response answer_;
  std::string encoding_;
  bool basic_challenge_ = false;
};

} // namespace tutti::http
