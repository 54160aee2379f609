// From the bytes a host sends to its answers, however they are cut into pieces.
#pragma once

#include <actors/http/answer_parser.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <optional>

namespace tutti::http {

/// Reads the answers of one connection, one after the other.
class answer_reader {
public:
  using error = boost::system::error_code;

  /// Bodies larger than `max_body` bytes end in `http::error::body_limit`. `max_unread` bytes are
  /// kept at most of what cannot be read yet: a head, or the line before a chunk.
  explicit answer_reader(std::size_t max_body, std::size_t max_unread = std::size_t{128} << 10)
      : max_body_(max_body), max_unread_(max_unread) {}

  /// The next answer begins.
  void expect() { parser_.emplace(max_body_); }

  /// Takes from `in` what belongs to the answer; `ec` when that is no HTTP or too large.
  void read(boost::beast::flat_buffer& in, error& ec) {
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
      if (parser_->is_done() && parser_->interim())
        expect();
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

  /// Of an answer that is done.
  bool keep_alive() const { return parser_->keep_alive(); }
  const std::string& encoding() const { return parser_->encoding(); }
  http_response take() { return parser_->take(); }

private:
  std::size_t max_body_;
  std::size_t max_unread_;
  std::optional<answer_parser> parser_;
};

} // namespace tutti::http
