// zlib, piece by piece, so that a small body cannot fill the memory.
#include <transport/message/gzip.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>

namespace tutti::transport {

namespace {

/// zlib detects gzip or zlib by itself; some send deflate without the head that RFC 9110 asks for.
constexpr int gzip_or_zlib = 15 + 32;
constexpr int bare = -15;

std::optional<std::string> inflated_as(int form, std::string_view body, std::size_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, form) != Z_OK)
    return std::nullopt;
  struct ended {
    z_stream& stream;
    ~ended() { inflateEnd(&stream); }
  } const in_the_end{stream};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data())); // It only reads.
  stream.avail_in = static_cast<uInt>(body.size());
  std::string made;
  std::array<char, 16'384> piece; // NOLINT(*-member-init): written before it is read.
  for (auto status = Z_OK; status != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
      return std::nullopt;
    const auto size = piece.size() - stream.avail_out;
    if (size > most - made.size() || (size == 0 && status == Z_OK && stream.avail_in == 0))
      return std::nullopt;
    made.append(piece.data(), size);
  }
  return stream.avail_in == 0 ? std::optional{std::move(made)} : std::nullopt;
}

} // namespace

bool is_compression(std::string_view encoding) {
  std::string lower;
  for (unsigned char c : encoding)
    lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return lower == "gzip" || lower == "x-gzip" || lower == "deflate";
}

std::optional<std::string> inflated(std::string_view body, std::size_t most) {
  auto made = inflated_as(gzip_or_zlib, body, most);
  return made ? std::move(made) : inflated_as(bare, body, most);
}

} // namespace tutti::transport
