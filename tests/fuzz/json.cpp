// Whatever a pod answers, each reader has a value or a failure that people can act on.
#include <tests/fuzz/fuzz.hpp>
#include <wire/endpoints.hpp>

#include <algorithm>
#include <chrono>

namespace {

using namespace tutti;
using fuzz::must;

/// Quotes are cut at 200 bytes; names, statuses and advice come on top.
constexpr std::size_t max_detail = 1500;

/// Put into the answer of a login: no failure may show it.
constexpr std::string_view secret = "q7Zk1vW9-a-token";

template <class T>
void check(const result<T>& got, const http_response& answer, bool of_login = false) {
  if (got)
    return;
  const auto& why = got.error();
  must(!why.detail.empty() && why.detail.size() <= max_detail, "a failure says what, in short");
  must(why.error != errc::internal, "an answer of the pod is no defect of ours");
  must(why.status == answer.status, "a failure keeps the status");
  if (of_login && answer.status == 200)
    must(why.detail.find(secret) == std::string::npos, "a secret is never quoted");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int statuses[] = {200, 200, 200, 200, 204, 400, 401, 403, 404, 429, 500, 302};
  static const std::set<std::string> names{"alice", "bob@bank.example"};
  static const std::set<std::string> one_name{"alice"};
  fuzz::input input{data, size};
  auto reader = input.byte();
  auto shape = input.byte();
  http_response answer;
  answer.status = statuses[(shape & 0x7F) % std::size(statuses)];
  answer.body = input.rest();
  // Both ways of simdjson: with room behind the body, and on a copy.
  if ((shape & 0x80) != 0)
    answer.body.reserve(answer.body.size() + 64);
  else
    answer.body.shrink_to_fit();
  switch (reader % 18) {
  case 0: {
    answer.body.insert(std::min<std::size_t>(answer.body.size(), shape & 0x3F), secret);
    auto opened = wire::read_login(wire::principal::bot, wire::login_by::key, answer,
                                   std::chrono::system_clock::time_point{});
    check(opened, answer, true);
    must(!opened || !opened->empty(), "a session has a token");
    must(!opened || wire::session_header(*opened).find_first_of("\r\n") + 2 ==
                        wire::session_header(*opened).size(),
         "a token stays in its header");
    break;
  }
  case 1:
    check(wire::read_session_info(answer), answer);
    break;
  case 2: {
    auto id = wire::read_im(answer);
    check(id, answer);
    must(!id || !id->text().empty(), "an IM has an id");
    break;
  }
  case 3:
    check(wire::read_users(answer), answer);
    break;
  case 4:
    check(
        wire::read_named_users(answer, (shape & 1) != 0 ? names : one_name,
                               (shape & 2) != 0 ? wire::user_key::email : wire::user_key::username),
        answer);
    break;
  case 5:
    check(wire::read_feature(answer, wire::external_im_feature), answer);
    break;
  case 6:
    check(wire::read_connections(answer), answer);
    break;
  case 8:
    check(wire::read_room(answer), answer);
    break;
  case 9:
    check(wire::read_rooms(answer), answer);
    break;
  case 10:
    check(wire::read_room_members(answer), answer);
    break;
  case 11:
    check(wire::read_stream(answer), answer);
    break;
  case 12:
    check(wire::read_streams(answer), answer);
    break;
  case 13:
    check(wire::read_stream_members(answer), answer);
    break;
  case 14: {
    answer.body.insert(std::min<std::size_t>(answer.body.size(), shape & 0x3F), secret);
    auto opened = wire::read_common_jwt(answer, session{"token"});
    check(opened, answer, true);
    must(!opened || wire::session_header(opened->current).find_first_of("\r\n") + 2 ==
                        wire::session_header(opened->current).size(),
         "a token stays in its header");
    break;
  }
  case 15:
    answer.body.insert(std::min<std::size_t>(answer.body.size(), shape & 0x3F), secret);
    check(wire::read_app_tokens(answer, std::chrono::system_clock::time_point{}), answer, true);
    break;
  case 16:
    check(wire::read_pod_certificate(answer), answer);
    break;
  default:
    check(wire::read_connection(answer), answer);
    check(wire::read_connection_change(answer), answer);
    break;
  }
  must(wire::pod_message(answer).size() <= 210, "the pod's words are cut");
  return 0;
}
