// Beast's parser, and what it leaves open: framing that can be read in two ways, bounds of the
// whole.
#include <plugins/local/request_reader.hpp>

#include <plugins/local/answer_box.hpp>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/url.hpp>

namespace tutti {

namespace beast = boost::beast;
namespace http_1 = beast::http;

namespace {

/// Framing of a body in chunks, whatever their size.
constexpr std::size_t room_for_framing = std::size_t{64} << 10;

std::string decoded(boost::core::string_view text) {
  boost::urls::encoding_opts plus;
  plus.space_as_plus = true;
  return boost::urls::pct_string_view{text}.decode(plus);
}

/// What makes two readers disagree on where the request ends (request smuggling); empty: nothing.
std::string ambiguity(const http_1::request<http_1::string_body>& head) {
  const auto encodings = head.count(http_1::field::transfer_encoding);
  if (encodings == 0)
    return {};
  if (head.version() < 11)
    return "Transfer-Encoding is not for HTTP/1.0";
  if (encodings > 1 || !beast::iequals(head[http_1::field::transfer_encoding], "chunked"))
    return "the only Transfer-Encoding read here is chunked";
  if (head.count(http_1::field::content_length) > 0)
    return "give Content-Length or Transfer-Encoding, not both";
  return {};
}

} // namespace

request_reader::request_reader(std::size_t max_body)
    : max_message_(max_header + 2 * max_body + room_for_framing) {
  parser_.header_limit(max_header);
  parser_.body_limit(max_body);
  // The head alone first: trailers must not be taken for it.
  parser_.eager(false);
}

bool request_reader::read(beast::flat_buffer& in) {
  while (!refusal_ && !parser_.is_done()) {
    if (in.size() == 0)
      return false;
    beast::error_code error;
    auto used = parser_.put(in.data(), error);
    in.consume(used);
    taken_ += used;
    if (error && error != http_1::error::need_more) {
      if (error == http_1::error::body_limit)
        return refuse(413, "too_large", "the body is larger than is accepted");
      if (error == http_1::error::header_limit)
        return refuse(431, "too_large", "the header is larger than 8 KiB");
      return refuse(400, "bad_request", "this is no HTTP request: " + error.message());
    }
    if (parser_.is_header_done() && !head_read_) {
      on_head();
      continue;
    }
    if (taken_ + in.size() > max_message_)
      return refuse(413, "too_large", "the chunks are larger than is accepted");
    if (error == http_1::error::need_more || used == 0) {
      if (in.size() >= (head_read_ ? max_header : max_buffer))
        return refuse(431, "too_large",
                      "a line of the header, a chunk or the trailers is too long");
      return false;
    }
  }
  if (!refusal_)
    on_body();
  return true;
}

bool request_reader::wants_go_on() {
  return std::exchange(go_on_, false);
}

void request_reader::on_head() {
  head_read_ = true;
  const auto& head = parser_.get();
  if (auto why = ambiguity(head); !why.empty())
    return void(refuse(400, "bad_request", why));
  const auto hosts = head.count(http_1::field::host);
  if (hosts > 1 || (hosts == 0 && head.version() >= 11) ||
      (hosts == 1 && head[http_1::field::host].empty()))
    return void(refuse(400, "bad_request", "a request has one Host field"));
  auto target = boost::urls::parse_origin_form({head.target().data(), head.target().size()});
  if (!target)
    return void(refuse(400, "bad_request", "the target is no path"));
  request_.method = std::string{head.method_string()};
  request_.path = std::string{target->encoded_path()};
  for (auto each : target->encoded_params())
    request_.query[decoded(each.key)] = decoded(each.value);
  request_.authorization = std::string{head[http_1::field::authorization]};
  host_ = std::string{head[http_1::field::host]};
  go_on_ = beast::iequals(head[http_1::field::expect], "100-continue");
  parser_.eager(true);
}

void request_reader::on_body() {
  go_on_ = false;
  request_.body = std::move(parser_.get().body());
}

bool request_reader::refuse(int status, const std::string& error, const std::string& why) {
  refusal_ = server_error(status, error, why);
  return true;
}

} // namespace tutti
