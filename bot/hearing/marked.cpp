#include <bot/hearing/marked.hpp>

#include <bot/hearing/answers.hpp>

#include <tutti/bot.hpp>

#include <utility>

namespace tutti {

namespace {

send_marker marker_of(const event& what, const std::string& mark) {
  auto made = marker_for(what, 0);
  made.text = mark + " " + std::to_string(what.number);
  made.doubtful = what.marks.repeated || what.marks.caught_up;
  return made;
}

/// Whether the same request may succeed later.
bool may_pass(const failure& why) {
  using enum errc;
  for (const auto each : {unreachable, deadline_exceeded, login_refused, unauthorized, rate_limited,
                          overloaded, tls_failed, shutting_down, cancelled})
    if (why.error == each)
      return true;
  return false;
}

} // namespace

task<message> say_marked(chat& where, std::string mark, outgoing_message what) {
  send_message asked;
  asked.to = where.stream().id;
  asked.what = std::move(what);
  asked.marker = marker_of(where.event(), mark);
  asked.timeout = said_within;
  co_return value_of(co_await where.bot().ask(std::move(asked)));
}

task<> replace_marked(chat& where, std::string mark, std::string message_id, std::string text) {
  update_message asked;
  asked.in = where.stream().id;
  asked.id = std::move(message_id);
  asked.what = outgoing_message{text};
  asked.marker = marker_of(where.event(), mark);
  asked.timeout = said_within;
  const auto sent = co_await where.bot().ask(std::move(asked));
  if (!sent && may_pass(sent.error()))
    throw request_failed{sent.error()};
}

} // namespace tutti
