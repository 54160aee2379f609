// What a host sends: however it is cut into pieces, the same answers come out.
#include <tests/fuzz/fuzz.hpp>
#include <transport/message/answer_reader.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

namespace {

using tutti::fuzz::must;
using tutti::transport::answer_reader;

constexpr std::size_t max_body = 1024;
/// Of what cannot be read yet: more than any input here has, and few.
constexpr std::size_t plenty = std::size_t{128} << 10;
constexpr std::size_t few = 512;
constexpr std::size_t max_text = tutti::transport::answer_parser::max_text;

struct heard {
  std::vector<tutti::http_response> answers;
  bool failed = false;
};

/// Reads answer after answer, `step` bytes at a time, as a connection does.
heard read(std::string_view bytes, std::size_t step, std::size_t max_unread) {
  heard all;
  boost::beast::flat_buffer in;
  answer_reader reader{max_body, max_unread};
  reader.expect();
  boost::system::error_code ec;
  auto take = [&] {
    auto again = reader.keep_alive();
    all.answers.push_back(reader.take());
    reader.expect();
    return again;
  };
  while (!bytes.empty()) {
    auto part = bytes.substr(0, step);
    bytes.remove_prefix(part.size());
    std::memcpy(in.prepare(part.size()).data(), part.data(), part.size());
    in.commit(part.size());
    for (;;) {
      auto before = in.size();
      reader.read(in, ec);
      if (ec) {
        all.failed = true;
        return all;
      }
      if (!reader.done())
        break;
      if (!take())
        return all;
      must(in.size() <= before, "bytes only leave the buffer");
    }
    must(in.size() <= max_unread, "what cannot be read yet is bounded");
  }
  if (!reader.begun())
    return all;
  reader.end(ec);
  if (ec)
    all.failed = true;
  else
    take();
  return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tutti::fuzz::input input{data, size};
  auto step = std::size_t{1} + input.byte();
  auto whole = read(input.rest(), std::max<std::size_t>(size, 1), plenty);
  auto pieces = read(input.rest(), step, plenty);
  (void)read(input.rest(), step, few);
  must(whole.failed == pieces.failed, "pieces decide nothing");
  must(whole.answers.size() == pieces.answers.size(), "pieces make no answers");
  for (std::size_t i = 0; i < whole.answers.size(); ++i) {
    const auto& one = whole.answers[i];
    const auto& other = pieces.answers[i];
    must(one.status == other.status && one.body == other.body && one.date == other.date &&
             one.content_type == other.content_type && one.retry_after == other.retry_after,
         "pieces change no answer");
    must(one.status >= 200, "an interim answer is none");
    must(one.body.size() <= max_body, "the body's limit holds");
    must(one.content_type.size() <= max_text && one.date.size() <= max_text,
         "texts of a head are capped");
    must(one.body.capacity() >= one.body.size() + 64, "parsers may read ahead");
  }
  return 0;
}
