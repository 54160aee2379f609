// Reads one HTTP request from bytes, within bounds for all of it.
#pragma once

#include <tutti/local_server.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>

namespace tutti {

/// For one request. Bytes behind it stay in the buffer.
class request_reader {
public:
  /// The head, and each piece behind it that is read as a whole: a chunk's line, the trailers.
  static constexpr std::size_t max_header = std::size_t{8} << 10;
  /// What the buffer must hold at most: a head and the bytes read with it.
  static constexpr std::size_t max_buffer = 2 * max_header;

  explicit request_reader(std::size_t max_body);

  /// Takes what it can use of `in`. True when nothing more is needed: the request is complete, or
  /// refused.
  bool read(boost::beast::flat_buffer& in);

  /// True once: the client sends its body only after a `100 Continue` (`Expect: 100-continue`).
  bool wants_go_on();

  /// Why it was refused; nothing for a request that is complete.
  const std::optional<local_answer>& refusal() const noexcept { return refusal_; }

  /// Of a complete request: the fields of its head count, those of trailers do not.
  local_request& request() noexcept { return request_; }
  /// The field `Host`; empty for none.
  const std::string& host() const noexcept { return host_; }
  bool keep_alive() const { return parser_.get().keep_alive(); }
  bool is_head() const { return request_.method == "HEAD"; }

private:
  void on_head();
  void on_body();
  bool refuse(int status, const std::string& error, const std::string& why);

  boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
  std::size_t max_message_;
  std::size_t taken_ = 0;
  bool head_read_ = false;
  bool go_on_ = false;
  std::optional<local_answer> refusal_;
  local_request request_;
  std::string host_;
};

} // namespace tutti
