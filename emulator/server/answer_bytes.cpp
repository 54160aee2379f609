// Whole, malformed, cut, packed and in pieces.
#include <emulator/server/answer_bytes.hpp>

#include <zlib.h>

#include <charconv>
#include <utility>

namespace tutti::emulator {

namespace http = boost::beast::http;

namespace {

std::string in_one_chunk(const std::string& body) {
  if (body.empty())
    return "0\r\n\r\n";
  char size[17];
  auto end = std::to_chars(std::begin(size), std::end(size), body.size(), 16).ptr;
  return std::string(size, end) + "\r\n" + body + "\r\n0\r\n\r\n";
}

std::string gzipped(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

} // namespace

std::string bytes_of(const response_type& answer) {
  std::string text;
  text.reserve(256 + answer.body().size());
  text.append(answer.version() == 10 ? "HTTP/1.0 " : "HTTP/1.1 ")
      .append(std::to_string(answer.result_int()))
      .append(" ")
      .append(answer.reason())
      .append("\r\n");
  for (const auto& field : answer)
    text.append(field.name_string()).append(": ").append(field.value()).append("\r\n");
  return text.append("\r\n").append(answer.chunked() ? in_one_chunk(answer.body()) : answer.body());
}

std::string bytes_of(response_type answer, const fault& wrong) {
  if (wrong.malformed)
    return "HTTP/1.1 two hundred\r\n\r\n";
  if (wrong.close)
    answer.keep_alive(false);
  if (wrong.gzip) {
    answer.body() = gzipped(answer.body());
    answer.set(http::field::content_encoding, "gzip");
    answer.prepare_payload();
  }
  if (wrong.chunked)
    answer.chunked(true);
  auto bytes = bytes_of(answer);
  if (wrong.cut || wrong.broken == fault::reset::during)
    bytes.resize(bytes.size() - answer.body().size() / 2 - 1);
  return bytes;
}

} // namespace tutti::emulator
