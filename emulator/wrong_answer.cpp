// Malformed, cut, packed and in pieces.
#include <emulator/wrong_answer.hpp>

#include <boost/beast/http/write.hpp>
#include <zlib.h>

#include <sstream>
#include <utility>

namespace tutti::emulator {

namespace http = boost::beast::http;

namespace {

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
  std::ostringstream text;
  text << answer;
  auto bytes = std::move(text).str();
  if (wrong.cut || wrong.broken == fault::reset::during)
    bytes.resize(bytes.size() - answer.body().size() / 2 - 1);
  return bytes;
}

} // namespace tutti::emulator
