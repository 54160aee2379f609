// Matches the route, asks the pods, and puts in what is to go wrong.
#include <emulator/server/answers.hpp>

#include <utility>

namespace tutti::emulator {

namespace http = boost::beast::http;

namespace {

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

} // namespace

answers::answers(control& of, std::string context) : of_(of), context_(std::move(context)) {}

made_answer answers::to(const request_type& request, const std::string& client) {
  auto matched = route_of(routes_, within_context(view(request.target())));
  auto wrong = of_.injected.next(matched);
  if (wrong && wrong->expire_sessions)
    of_.state->sessions.expire_all();
  return make(request, client, matched, wrong, true);
}

made_answer answers::again(const request_type& request, const std::string& client,
                           const std::optional<fault>& wrong, bool last) {
  return make(request, client, route_of(routes_, within_context(view(request.target()))), wrong,
              !last);
}

made_answer answers::make(const request_type& request, const std::string& client,
                          const std::string& matched, const std::optional<fault>& wrong,
                          bool may_wait) {
  auto target = within_context(view(request.target()));
  auto path = target.substr(0, target.find('?'));
  auto now = of_.now();
  const auto own = path.starts_with("/emulator/");
  auto made = own ? of_.own(view(request.method_string()), path, request.body())
                  : of_pods(request, client, now, matched, wrong, may_wait);
  response_type response{static_cast<http::status>(made.status), request.version()};
  response.keep_alive(request.keep_alive());
  response.set(http::field::date, date_.at(now));
  response.set(http::field::server, "tutti-pod");
  const auto kind = made.content_type.empty() ? "application/json" : made.content_type;
  if (!made.body.empty())
    response.set(http::field::content_type, wrong && !own ? wrong->content_type : kind);
  if (wrong && !own && !wrong->location.empty())
    response.set(http::field::location, wrong->location);
  if (wrong && !own && wrong->retry_after)
    response.set(http::field::retry_after, std::to_string(*wrong->retry_after));
  response.body() = std::move(made.body);
  response.prepare_payload();
  return {std::move(response), own ? std::nullopt : wrong, of_.service_time(matched),
          std::move(made.waits_for)};
}

/// Without the context, which a path must begin with to be known.
std::string_view answers::within_context(std::string_view target) const {
  return target.starts_with(context_) ? target.substr(context_.size()) : std::string_view{"/"};
}

reply answers::of_pods(const request_type& request, const std::string& client, time_point now,
                       const std::string& matched, const std::optional<fault>& wrong,
                       bool may_wait) {
  auto target = within_context(view(request.target()));
  auto token = view(request[matched.starts_with("/keyauth/") ? "keyManagerToken" : "sessionToken"]);
  auto authorization = view(request[http::field::authorization]);
  auto content_type = view(request[http::field::content_type]);
  reply made;
  if (!wrong || wrong->acts.value_or(wrong->status == 0))
    made = emulator::answer_to(*of_.state, routes_,
                               {view(request.method_string()), target, token, request.body(),
                                authorization, client, view(request["keyManagerToken"]),
                                content_type, wrong ? wrong->feed : read_faults{}, may_wait},
                               now);
  if (!made.waits_for.empty())
    return made;
  if (wrong && wrong->status != 0) {
    made.status = wrong->status;
    made.body.clear();
  }
  if (wrong && wrong->body)
    made.body = *wrong->body;
  of_.seen.push_back({std::string{view(request.method_string())},
                      std::string{view(request.target())}, matched, std::string{token},
                      std::string{authorization}, client, std::string{view(request["X-Trace-Id"])},
                      std::string{content_type}, request.body(), made.status});
  return made;
}

} // namespace tutti::emulator
