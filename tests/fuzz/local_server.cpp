// Whatever a client sends over its connection, the local server answers in HTTP or hangs up.
#include <plugins/local/connections.hpp>
#include <tests/fuzz/fuzz.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace {

using namespace tutti;
using fuzz::must;
namespace asio = boost::asio;
namespace http_1 = boost::beast::http;

constexpr std::size_t max_body = 2048;

/// Byte 1 and a number stand for so many KiB of one letter: fields of any length in short inputs.
std::string expanded(std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == 1 && i + 1 < text.size())
      made.append(static_cast<unsigned char>(text[++i]) * std::size_t{1024}, 'x');
    else
      made += text[i];
  return made;
}

/// Runs what is ready, and all of what the client sends, in pieces of `step` bytes.
std::string converse(std::string_view bytes, std::size_t step) {
  std::array<int, 2> ends{};
  must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0,
       "there are descriptors");
  local_server_options options;
  options.max_body = max_body;
  local_server::respond late;
  std::size_t asked = 0;
  // Ended below, before the connections: its coroutines are in their lists.
  std::optional<asio::io_context> loop{std::in_place, 1};
  std::string heard;
  {
    local_connections all{*loop,
                          options,
                          [&](const local_request& request, local_server::respond respond) {
                            ++asked;
                            must(request.body.size() <= max_body, "a body is bounded");
                            if (request.path == "/late")
                              late = std::move(respond);
                            else if (request.path != "/never")
                              respond({200, "heard", "text/plain", {}});
                          },
                          {}};
    all.take({*loop, asio::generic::stream_protocol{AF_UNIX, 0}, ends[0]},
             asio::ip::address_v4::loopback());
    auto hear = [&] {
      std::array<char, 65536> some; // NOLINT(*-member-init): only written to.
      for (ssize_t size = 0; (size = ::read(ends[1], some.data(), some.size())) > 0;)
        heard.append(some.data(), static_cast<std::size_t>(size));
    };
    while (!bytes.empty()) {
      auto sent = ::send(ends[1], bytes.data(), std::min(step, bytes.size()), MSG_NOSIGNAL);
      if (sent > 0)
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      loop->poll();
      hear();
      if (late)
        std::exchange(late, nullptr)({200, "late", "text/plain", {}});
      if (sent < 0 && errno != EAGAIN)
        break;
    }
    ::shutdown(ends[1], SHUT_WR);
    for (int i = 0; i < 8; ++i) {
      loop->poll();
      loop->restart();
      hear();
      if (late)
        std::exchange(late, nullptr)({200, "late", "text/plain", {}});
    }
    all.close_door();
    loop.reset();
  }
  ::close(ends[1]);
  return heard;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input input{data, size};
  auto step = std::size_t{1} + std::size_t{input.byte()} * 16;
  const auto bytes = expanded(input.rest());
  if (bytes.size() > (std::size_t{160} << 10)) // Enough for fields beyond 64 KiB.
    return 0;
  auto heard = converse(bytes, std::max(step, bytes.size() / 16));
  if (heard.empty())
    return 0;
  // What came back is a row of whole answers.
  boost::beast::flat_buffer in;
  auto room = in.prepare(heard.size());
  std::memcpy(room.data(), heard.data(), heard.size());
  in.commit(heard.size());
  while (in.size() > 0) {
    http_1::response_parser<http_1::string_body> parser;
    parser.eager(true);
    parser.body_limit(std::size_t{1} << 20);
    // An answer to HEAD has no body.
    auto text = std::string_view{static_cast<const char*>(in.data().data()), in.size()};
    boost::beast::error_code error;
    auto head_end = text.find("\r\n\r\n");
    must(head_end != text.npos, "a head is whole");
    if (auto rest = text.substr(head_end + 4); rest.starts_with("HTTP/1.1 "))
      parser.skip(true);
    in.consume(parser.put(in.data(), error));
    must(!error || error == http_1::error::need_more, "an answer is HTTP");
    if (error)
      break; // The answer to HEAD that comes last.
    auto status = parser.get().result_int();
    must(status == 100 || status == 200 || status == 400 || status == 413 || status == 421 ||
             status == 431 || status == 500 || status == 503,
         "a status that is documented");
  }
  return 0;
}
