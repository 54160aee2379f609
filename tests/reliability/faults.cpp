// The rows of the matrix.
#include <tests/reliability/faults.hpp>

namespace tutti::testing {

namespace {

/// A status with the error body that Symphony documents.
fault status(int code, const std::string& more = "", const std::string& aside = "",
             bool lasting = false) {
  auto number = std::to_string(code);
  return {"Statuses",
          "HTTP " + number + aside,
          R"("status": )" + number + R"(, "body": "{\"code\":)" + number +
              R"(,\"message\":\"no\"}")" + more,
          lasting,
          {}};
}

fault bare(int code) {
  return {"Statuses",
          "HTTP " + std::to_string(code) + " without a body",
          "\"status\": " + std::to_string(code),
          false,
          {}};
}

/// A 200 with that body.
fault body(const std::string& what, const std::string& text, const std::string& more = "") {
  return {"Bodies", what, R"("acts": true, "body": ")" + text + '"' + more, false, {}};
}

fault line(const std::string& what, const std::string& members) {
  return {"Connections", what, members, false, {}};
}

} // namespace

const std::vector<fault>& all_faults() {
  static const std::vector<fault> all{
      status(400),
      status(400, R"(, "retryAfter": 1)", ", `Retry-After: 1` (the agent's 429)"),
      status(401),
      status(403),
      status(404),
      status(408),
      status(429, R"(, "retryAfter": 1)", ", `Retry-After: 1`"),
      status(429, R"(, "retryAfter": 3600)", ", `Retry-After: 3600`", true),
      status(429),
      status(451),
      status(500),
      status(502),
      status(503, R"(, "retryAfter": 1)", ", `Retry-After: 1`"),
      status(504),
      status(500, R"(, "acts": true)", ", the pod has acted"),
      status(503, R"(, "acts": true)", ", the pod has acted"),
      bare(400),
      bare(403),
      bare(500),
      bare(204),
      {"Statuses",
       "HTTP 302 to another host",
       R"("status": 302, "location": "http://127.0.0.1:1/elsewhere")",
       false,
       {}},
      {"Statuses",
       "HTTP 503, a proxy's page of HTML",
       R"("status": 503, "body": "<html>busy</html>", "contentType": "text/html")",
       false,
       {}},

      body("HTML", "<html>log in</html>", R"(, "contentType": "text/html")"),
      body("empty", ""),
      body("an object without what is looked for", "{}"),
      body("what is looked for is empty", R"({\"id\":\"\",\"token\":\"\"})"),
      body("it has the wrong type", R"({\"id\":7,\"token\":7})"),
      body("an array", "[]"),
      body("JSON that breaks off", R"({\"id\":\"abc)"),
      body("larger than http.maxBody", std::string(70'000, ' ')),

      line("reset before the answer, the pod has acted", R"("reset": "before")"),
      line("reset before the answer, the pod has not acted", R"("reset": "before", "acts": false)"),
      line("reset within the answer", R"("reset": "during")"),
      line("reset after the answer", R"("reset": "after")"),
      line("the answer is cut short", R"("cut": true)"),
      line("the answer is no HTTP", R"("malformed": true)"),
      line("no answer", R"("hang": true)"),
      line("an answer later than the deadline", R"("delay": 4000)"),
      line("an answer that drips past the deadline", R"("drip": 200)"),
      line("an answer that drips, in time", R"("drip": 1)"),
      line("a late answer, in time", R"("delay": 50)"),
      line("chunked", R"("chunked": true)"),
      line("compressed though nobody asked for it", R"("gzip": true)"),
      line("`Connection: close`", R"("close": true)"),
      {"Connections", "the pod's clock is ten minutes ahead", R"("count": 0)", false,
       std::chrono::minutes{10}},
      line("every session has ended", R"("expireSessions": true)"),
  };
  return all;
}

} // namespace tutti::testing
