// What becomes of an exchange, by chance.
#include <tests/simulation/wire/faulty_transport.hpp>

#include <tests/simulation/wire/made_answers.hpp>

namespace tutti::simulation {

using namespace std::chrono_literals;

faulty_transport::fate faulty_transport::choose(const exchange& one) {
  auto made = luck_.percent(trouble_) ? trouble(one) : fate{"it works"};
  auto slow = luck_.percent(slow_);
  made.there = luck_.up_to(slow ? slowest_ : 20ms);
  made.back = luck_.up_to(slow ? slowest_ : 20ms);
  return made;
}

faulty_transport::fate faulty_transport::trouble(const exchange& one) {
  auto acts = luck_.percent(50);
  auto not_acting = [](const char* name, result<http_response> end) {
    return fate{name, false, std::move(end)};
  };
  switch (luck_.below(16)) {
  case 0:
    return {"the answer is lost", true,
            broken(errc::unreachable, "reset after acting", "connection_lost")};
  case 1: {
    auto made = not_acting("reset before acting",
                           broken(errc::unreachable, "reset before acting", "connection_lost"));
    made.stale = warm_ && !one.fresh && luck_.percent(70);
    if (made.stale)
      made.name = "the connection was stale";
    return made;
  }
  case 2: {
    auto made = fate{"silence", acts};
    made.silent = true;
    return made;
  }
  case 3:
    return not_acting("no connection",
                      broken(errc::unreachable, "connection refused", "no_connection"));
  case 4:
    return luck_.percent(20)
               ? not_acting("no such host",
                            broken(errc::unreachable, "no such host", "host_unknown"))
               : not_acting("no name server", broken(errc::unreachable, "name server", "dns"));
  case 5:
    return not_acting("no TLS", broken(errc::tls_failed, "certificate"));
  case 6:
    return {"the answer is cut", true, broken(errc::protocol_error, "cut short", "cut_short")};
  case 7: {
    auto page = answered(200, "<html>Please log in to the proxy</html>");
    page.content_type = "text/html";
    return not_acting("a proxy answers", page);
  }
  case 8:
    return {"an empty answer", true, result<http_response>{answered(200, "{}")}};
  case 9:
  case 10:
    return {"a server error", acts,
            result<http_response>{answered(luck_.one_of({408, 500, 502, 503, 504}))}};
  case 11:
  case 12: {
    auto slow = answered(luck_.percent(80) ? 429 : 400);
    if (slow.status == 400 || luck_.percent(70))
      slow.retry_after = luck_.one_of({0U, 1U, 3U});
    return not_acting("slow down", slow);
  }
  case 13:
    return not_acting("a refusal", answered(luck_.one_of({400, 403, 404})));
  case 14:
    return not_acting("the session is refused", answered(401));
  default: {
    if (!login_of(one))
      return not_acting("a refusal", answered(403));
    auto skewed = answered(401);
    skewed.date = "Thu, 01 Jan 2026 00:00:00 GMT";
    return not_acting("the clock is wrong", skewed);
  }
  }
}

} // namespace tutti::simulation
