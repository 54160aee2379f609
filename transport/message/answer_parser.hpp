// Beast's parser, keeping of an answer only what Tutti acts on.
#pragma once

#include <transport/message/gzip.hpp>
#include <transport/message/http_date.hpp>

#include <tutti/http_message.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tutti::transport {

/// Parses one answer into an `http_response`: no map of fields, and a body that leaves room behind
/// it for parsers that read ahead (simdjson).
class answer_parser final : public boost::beast::http::basic_parser<false> {
public:
  /// Bytes of spare capacity behind the body.
  static constexpr std::size_t spare = 64;
  /// Most bytes kept of a header's value: these are shown to people.
  static constexpr std::size_t max_text = 128;

  /// Answers larger than `max_body` bytes end in `http::error::body_limit`. `head_only`: what comes
  /// behind the head is none of its (an answer to CONNECT).
  explicit answer_parser(std::size_t max_body, bool head_only = false) : max_body_(max_body) {
    eager(true);
    skip(head_only);
    body_limit(max_body);
    header_limit(64 * 1024);
  }

  int status() const noexcept { return answer_.status; }
  /// It wants a user and a password, as proxies do and Symphony never does.
  bool basic_challenge() const noexcept { return basic_challenge_; }
  /// The schemes of authentication a proxy offers, for people.
  const std::string& offers() const noexcept { return offers_; }
  /// 1xx: the answer proper is still to come.
  bool interim() const noexcept { return answer_.status < 200; }

  http_response take() { return std::move(answer_); }

  /// `Content-Encoding`, when the body could not be decoded; requests ask for none. Else empty.
  const std::string& encoding() const noexcept { return encoding_; }
  /// The reason phrase after the status of a refusal.
  const std::string& reason() const noexcept { return reason_; }

private:
  using field = boost::beast::http::field;
  using text = boost::beast::string_view;
  using error = boost::beast::error_code;

  void on_request_impl(boost::beast::http::verb, text, text, int, error&) override {}

  void on_response_impl(int status, text reason, int, error&) override {
    answer_.status = status;
    if (status >= 400)
      keep(reason_, reason);
  }

  /// Fields of a trailer are passed over (RFC 9110, 6.5.1); Beast refuses those that would frame.
  void on_field_impl(field name, text, text value, error&) override {
    if (in_body_)
      return;
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
      take_challenges({value.data(), std::min(value.size(), max_text)},
                      name == field::proxy_authenticate);
      break;
    case field::date:
      if (answer_.status >= 400)
        keep(answer_.date, value);
      break;
    case field::retry_after:
      keep(retry_after_, value);
      break;
    case field::location:
      if (answer_.status / 100 == 3)
        keep(answer_.location, value);
      break;
    default:
      break;
    }
  }

  void on_header_impl(error&) override {
    in_body_ = true;
    if (!retry_after_.empty())
      answer_.retry_after =
          retry_seconds(retry_after_, answer_.date,
                        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error&) override {
    answer_.body.reserve((length ? static_cast<std::size_t>(*length) : 0) + spare);
  }

  std::size_t on_body_impl(text part, error&) override { return append(part); }

  void on_chunk_header_impl(std::uint64_t, text, error&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, text part, error&) override { return append(part); }

  void on_finish_impl(error&) override {
    if (!encoding_.empty() && is_compression(encoding_)) {
      auto plain = answer_.body.empty() ? std::optional<std::string>{std::in_place}
                                        : inflated(answer_.body, max_body_);
      if (plain) {
        answer_.body = std::move(*plain);
        encoding_.clear();
      }
    }
    answer_.body.reserve(answer_.body.size() + spare); // Chunks may have used the room up.
  }

  /// Schemes and their parameters stand in one list, with commas between (RFC 9110, 11.6.1).
  void take_challenges(std::string_view value, bool of_proxy) {
    while (!value.empty()) {
      const auto part = value.substr(0, value.find(','));
      value.remove_prefix(std::min(part.size() + 1, value.size()));
      const auto begin = std::min(part.find_first_not_of(' '), part.size());
      const auto scheme = part.substr(begin, part.find(' ', begin) - begin);
      if (scheme.empty() || scheme.find('=') != scheme.npos)
        continue;
      basic_challenge_ = basic_challenge_ || boost::beast::iequals(scheme, "Basic");
      if (of_proxy && offers_.size() < max_text)
        offers_.append(offers_.empty() ? "" : ", ").append(scheme);
    }
  }

  static void keep(std::string& where, text value) {
    where.assign(value.data(), std::min(value.size(), max_text));
  }

  std::size_t append(text part) {
    answer_.body.append(part.data(), part.size());
    return part.size();
  }

  const std::size_t max_body_;
  http_response answer_;
  std::string encoding_;
  std::string reason_;
  std::string offers_;
  std::string retry_after_;
  bool in_body_ = false;
  bool basic_challenge_ = false;
};

} // namespace tutti::transport
