// Which requests are refused before anybody reads them.
#pragma once

#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>

#include <cstddef>

namespace tutti::emulator {

namespace beast = boost::beast;
namespace http = beast::http;

using request_type = http::request<http::string_body>;

/// Bounds what has not been understood yet: a head, the line of a chunk, trailers.
inline constexpr std::size_t max_unread = std::size_t{48} << 10;

/// Whether two readers could disagree on where the request ends.
inline bool is_ambiguous(const request_type& head) {
  const auto encodings = head.count(http::field::transfer_encoding);
  return encodings > 1 ||
         (encodings == 1 && (head.version() < 11 || head.count(http::field::content_length) > 0 ||
                             !beast::iequals(head[http::field::transfer_encoding], "chunked")));
}

/// The status of what is no request; 0: the client has only gone.
inline unsigned status_of(const beast::error_code& error) {
  if (error == http::error::body_limit)
    return 413;
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return 431;
  return error.category() == make_error_code(http::error::body_limit).category() &&
                 error != http::error::end_of_stream && error != http::error::partial_message
             ? 400
             : 0;
}

} // namespace tutti::emulator
