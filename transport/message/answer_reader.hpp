// From the bytes a host sends to its answers, however they are cut into pieces.
#pragma once

#include <transport/message/answer_parser.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tutti::transport {

/// Reads the answers of one connection, one after the other.
class answer_reader {
public:
  using error = boost::system::error_code;

  /// Bodies larger than `max_body` bytes end in `http::error::body_limit`. `max_unread` bytes are
  /// kept at most of what cannot be read yet: a head, or the line before a chunk.
  explicit answer_reader(std::size_t max_body, std::size_t max_unread = std::size_t{128} << 10)
      : max_body_(max_body), max_unread_(max_unread) {}

  /// The next answer begins. `head_only`: it ends with its head, as one to CONNECT does.
  void expect(bool head_only = false) {
    head_only_ = head_only;
    next();
  }

  /// Takes from `in` what belongs to the answer; `ec` when that is no HTTP or too large.
  void read(boost::beast::flat_buffer& in, error& ec) {
    look_at_beginning(in);
    while (in.size() > 0 && !parser_->is_done()) {
      in.consume(parser_->put(in.data(), ec));
      if (ec == boost::beast::http::error::need_more) {
        ec = {};
        if (in.size() > max_unread_)
          ec = boost::beast::http::error::header_limit;
        return;
      }
      if (ec)
        return;
      if (parser_->is_done() && parser_->interim()) {
        next();
        look_at_beginning(in);
      }
    }
  }

  /// The host has ended in good order: that may be the end of the answer. `ec` when it is not.
  void end(error& ec) {
    parser_->put_eof(ec);
    if (!ec && (!parser_->is_done() || parser_->interim()))
      ec = boost::beast::http::error::partial_message;
  }

  /// Whether a byte of the answer has come.
  bool begun() const { return parser_->got_some(); }
  bool done() const { return parser_->is_done(); }
  /// 0 as long as it has not come.
  int status() const { return parser_->status(); }
  bool basic_challenge() const { return parser_->basic_challenge(); }
  const std::string& offers() const { return parser_->offers(); }

  /// Of an answer that is done.
  bool keep_alive() const { return parser_->keep_alive(); }
  const std::string& encoding() const { return parser_->encoding(); }
  const std::string& reason() const { return parser_->reason(); }
  http_response take() { return parser_->take(); }

  /// Whether what has come begins like an answer: then a complaint is about what is behind it.
  bool begins_like_http() const noexcept { return begins_like_http_; }

private:
  void next() {
    parser_.emplace(max_body_, head_only_);
    looked_ = false;
  }

  void look_at_beginning(boost::beast::flat_buffer& in) {
    constexpr std::string_view protocol = "HTTP/1.";
    constexpr auto status_end = protocol.size() + std::string_view{"1 200"}.size();
    if (looked_)
      return;
    const std::string_view text{static_cast<const char*>(in.data().data()), in.size()};
    looked_ = text.size() > status_end;
    begins_like_http_ = text.starts_with(protocol);
    if (!begins_like_http_)
      return;
    // RFC 9112, 4 wants a blank behind the status even without a reason; many servers leave it out,
    // and Beast insists on it.
    if (text.size() <= status_end || text[status_end] != '\r')
      return;
    std::string whole{text};
    whole.insert(status_end, " ");
    in.clear();
    boost::asio::buffer_copy(in.prepare(whole.size()), boost::asio::buffer(whole));
    in.commit(whole.size());
  }

  std::size_t max_body_;
  std::size_t max_unread_;
  bool head_only_ = false;
  bool looked_ = false;
  bool begins_like_http_ = false;
  std::optional<answer_parser> parser_;
};

} // namespace tutti::transport
