// relay: lets any process of this host open IMs through the bot, over HTTP and with a token.
#include <tutti/by_name.hpp>
#include <tutti/json_text.hpp>
#include <tutti/local_server.hpp>
#include <tutti/plugin.hpp>
#include <tutti/secret_file.hpp>

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace tutti::relay {

namespace {

// -- answers ------------------------------------------------------------------

local_answer refused(int status, std::string_view error, std::string_view detail,
                     std::string_view code = "") {
  return {status,
          R"({"error":)" + json_text(error) + R"(,"code":)" + json_text(code) + R"(,"detail":)" +
              json_text(detail) + "}",
          "application/json",
          {}};
}

/// What a failure is called in HTTP.
int status_of(const failure& why) {
  switch (why.error) {
  case errc::invalid_participants:
  case errc::multi_party_unsupported:
    return 400;
  case errc::unknown_user:
    return 404;
  case errc::not_entitled:
  case errc::not_connected:
  case errc::rejected:
    return 403;
  case errc::rate_limited:
  case errc::overloaded:
    return 429;
  case errc::shutting_down:
    return 503;
  case errc::deadline_exceeded:
    return 504;
  case errc::internal:
  case errc::misconfigured:
    return 500;
  default:
    return 502;
  }
}

local_answer refused(const failure& why) {
  return refused(status_of(why), to_string(why.error), why.detail, why.code);
}

std::string list(const std::vector<user_id>& users) {
  std::string text;
  for (auto each : users)
    text.append(text.empty() ? "" : ",").append(std::to_string(each.value()));
  return "[" + text + "]";
}

local_answer opened(const stream_id& stream, std::string_view origin,
                    const std::vector<user_id>& with) {
  return {200,
          R"({"streamId":)" + json_text(to_string(stream)) + R"(,"participants":)" + list(with) +
              R"(,"origin":)" + json_text(origin) + "}",
          "application/json",
          {}};
}

// -- limits -------------------------------------------------------------------

/// So many requests a second, as many at once. Used on the server's thread.
class rate_limit {
public:
  explicit rate_limit(double per_second) : per_second_(per_second), left_(burst()) {}

  bool take(std::chrono::steady_clock::time_point now) {
    if (per_second_ <= 0)
      return true;
    left_ =
        std::min(burst(), left_ + per_second_ * std::chrono::duration<double>(now - last_).count());
    last_ = now;
    if (left_ < 1)
      return false;
    left_ -= 1;
    return true;
  }

private:
  double burst() const { return std::max(per_second_, 1.0); }

  double per_second_;
  double left_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// A secret, compared in a time that says nothing about it.
class token {
public:
  explicit token(std::string_view secret) : digest_(digest(secret)) {}

  bool is(std::string_view given) const {
    auto other = digest(given);
    return CRYPTO_memcmp(digest_.data(), other.data(), digest_.size()) == 0;
  }

private:
  using sha256 = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

  /// Of the same length whatever was given.
  static sha256 digest(std::string_view text) {
    sha256 made{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), made.data());
    return made;
  }

  sha256 digest_;
};

// -- one request ----------------------------------------------------------------

/// The users a body names.
result<std::vector<std::string>> users_of(const std::string& body) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  auto json = std::string_view{body};
  if (json.starts_with(byte_order_mark))
    json.remove_prefix(byte_order_mark.size());
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(json.data(), json.size()).get_object().get(members))
    return failure{errc::invalid_participants,
                   R"(the body is no JSON, or not an object such as {"users":["ada"]})", 0,
                   usage_code};
  std::vector<std::string> users;
  bool named = false;
  for (auto [key, value] : members) {
    if (key == "users" && named)
      return failure{errc::invalid_participants, R"(the member "users" stands twice)", 0,
                     usage_code};
    if (key != "users")
      return failure{errc::invalid_participants,
                     "unknown member '" + std::string{key} + "'; known is: users", 0, usage_code};
    auto read = read_users(simdjson::minify(value), "users");
    if (!read)
      return read.error();
    users = std::move(*read);
    named = true;
  }
  if (!named)
    return failure{errc::invalid_participants, R"(the member "users" is missing)", 0, usage_code};
  return users;
}

/// `Bearer TOKEN`: the token; the scheme is spelt in any case (RFC 9110, 11.1).
std::optional<std::string_view> bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size())
    return std::nullopt;
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(authorization[i])) != scheme[i])
      return std::nullopt;
  return authorization.substr(scheme.size());
}

task<> open_im(bot& with, std::vector<std::string> users, std::chrono::milliseconds timeout,
               local_server::respond respond) {
  auto opening = open_given_im(with, std::move(users), timeout);
  auto came = co_await std::move(opening);
  if (came)
    respond(opened(came->im.stream, to_string(came->im.origin), came->participants));
  else
    respond(refused(came.error()));
}

/// `?users=` of the directory: ids with commas between, nothing is asked of the pod.
local_answer look_up(const bot& in, const local_request& asked) {
  auto given = asked.query.find("users");
  if (given == asked.query.end() || given->second.empty())
    return refused(400, "invalid_participants", "give the ids of users: ?users=8933531975682");
  std::vector<user_id> ids;
  std::string_view rest = given->second;
  while (true) {
    auto end = rest.find(',');
    auto id = user_id::parse(rest.substr(0, end));
    if (!id)
      return refused(400, to_string(id.error().error), id.error().detail);
    ids.push_back(*id);
    if (end == rest.npos)
      break;
    rest.remove_prefix(end + 1);
  }
  auto known = in.find_im(ids);
  if (!known)
    return refused(404, "not_known", "no IM with them is known; POST opens it", "not_known");
  return opened(*known, "directory", ids);
}

// -- the plugin -------------------------------------------------------------------

class relay_plugin final : public plugin {
public:
  const char* name() const noexcept override { return "relay"; }

  void settings(setting_list& all) override {
    all.add("address", options_.address, "where to listen; an address of the loopback");
    all.add("port", options_.port, "TCP port of /v1/im");
    all.add("token", token_,
            "what callers send as 'Authorization: Bearer TOKEN'; 16 characters "
            "at least");
    all.add_path("tokenPath", token_path_, "a file with the token, instead of token");
    all.add("maxConnections", options_.max_connections, "connections at once");
    all.add("maxBody", options_.max_body, "largest body of a request, in bytes");
    all.add("hosts", options_.hosts,
            "names callers may use (header Host) besides localhost and its address");
    all.add("requestsPerSecond", per_second_, "more are answered with 429; 0: any number");
    all.add("timeout", timeout_, "for an IM, look-ups and login included");
    all.add("stopGrace", grace_, "requests under way may take so long when the bot stops");
  }

  result<void> check() override {
    auto wrong = flaw();
    return wrong ? result<void>{*wrong} : result<void>{};
  }

  std::vector<std::string> warnings() const override {
    auto line = readable_by_others(token_path_);
    return line.empty() ? std::vector<std::string>{} : std::vector{"tokenPath: " + line};
  }

  result<void> start(plugin_context& context) override {
    secret_.emplace(token_);
    cleanse(token_);
    limit_.emplace(per_second_);
    bot_ = &context.bot();
    log_ = context.log();
    auto server = local_server::open(
        options_,
        [this](const local_request& asked, const local_server::respond& respond) {
          take(asked, respond);
        },
        context.log());
    if (!server)
      return server.error();
    server_ = std::move(*server);
    context.log().info("ready",
                       {{"address", options_.address}, {"port", std::to_string(server_->port())}});
    return {};
  }

  /// While the core still answers: who waits gets what was asked for.
  void stop() override {
    server_->stop(grace_);
    server_.reset();
    log_strangers();
    opening_.clear(); // No client is left to answer.
  }

private:
  std::optional<failure> flaw() {
    auto wrong = [](std::string detail) {
      return failure{errc::misconfigured, std::move(detail), 0, {}};
    };
    if (auto flaw = flaw_of(options_); !flaw.empty())
      return wrong(flaw);
    if (!is_loopback(options_.address))
      return wrong(
          "address: '" + options_.address +
          "' is no IP address of the loopback, such as 127.0.0.1; elsewhere the token would "
          "travel in the clear");
    if (token_.empty() == token_path_.empty())
      return wrong("give exactly one of token and tokenPath; make a token with: openssl rand -hex "
                   "32");
    if (!token_path_.empty()) {
      auto read = read_secret_text(token_path_);
      if (!read)
        return wrong("tokenPath: " + read.error().detail);
      token_ = std::move(*read);
    }
    constexpr std::size_t shortest = 16;
    if (token_.size() < shortest)
      return wrong("the token has fewer than 16 characters; make one with: openssl rand -hex 32");
    return std::nullopt;
  }

  /// Logs each answer.
  local_server::respond logged(const local_request& asked, local_server::respond respond) {
    return [log = log_, method = asked.method, path = asked.path,
            respond = std::move(respond)](local_answer answer) {
      log.info("answered",
               {{"method", method}, {"path", path}, {"status", std::to_string(answer.status)}});
      respond(std::move(answer));
    };
  }

  void take(const local_request& asked, const local_server::respond& respond_unlogged) {
    auto given = bearer(asked.authorization);
    if (!given || !secret_->is(*given)) {
      count_stranger();
      auto answer = refused(401, "unauthorized",
                            given ? "this is not the token" : "send 'Authorization: Bearer TOKEN'");
      answer.headers.emplace_back("WWW-Authenticate", "Bearer");
      return respond_unlogged(std::move(answer));
    }
    auto respond = logged(asked, respond_unlogged);
    if (!limit_->take(std::chrono::steady_clock::now())) {
      auto answer = refused(429, "rate_limited", "more than requestsPerSecond", "relay");
      answer.headers.emplace_back("Retry-After", "1");
      return respond(std::move(answer));
    }
    if (asked.path != "/v1/im")
      return respond(refused(404, "not_found", "there is /v1/im"));
    if (asked.method == "GET" || asked.method == "HEAD")
      return respond(look_up(*bot_, asked));
    if (asked.method != "POST") {
      auto answer = refused(405, "method_not_allowed", "use GET or POST");
      answer.headers.emplace_back("Allow", "GET, HEAD, POST");
      return respond(std::move(answer));
    }
    auto users = users_of(asked.body);
    if (!users)
      return respond(refused(users.error()));
    // Those that have ended go whenever the list has doubled.
    if (opening_.size() >= 2 * still_opening_ + 64) {
      std::erase_if(opening_, [](const auto& each) { return each.ready(); });
      still_opening_ = opening_.size();
    }
    opening_.push_back(bot_->run(open_im(*bot_, std::move(*users), timeout_, std::move(respond))));
  }

  /// Requests without the token are counted: a line for each would be theirs to write.
  void count_stranger() {
    ++strangers_;
    auto now = std::chrono::steady_clock::now();
    if (now - strangers_logged_ < std::chrono::seconds{10})
      return;
    strangers_logged_ = now;
    log_strangers();
  }

  void log_strangers() {
    if (strangers_ > std::exchange(strangers_told_, strangers_))
      log_.warn("unauthorized", {{"count", std::to_string(strangers_)}});
  }

  local_server_options options_{.port = 8181};
  std::string token_;
  std::string token_path_;
  double per_second_ = 100;
  std::chrono::milliseconds timeout_{30'000};
  /// Less than life.stopGrace, so that it ends by itself.
  std::chrono::milliseconds grace_{4'000};
  std::optional<token> secret_;
  std::optional<rate_limit> limit_;
  bot* bot_ = nullptr;
  logger log_;
  /// All so far, and as many as the log has heard of.
  std::size_t strangers_ = 0;
  std::size_t strangers_told_ = 0;
  std::chrono::steady_clock::time_point strangers_logged_;
  /// Of the server's thread while it runs.
  std::vector<pending<void>> opening_;
  std::size_t still_opening_ = 0;
  std::unique_ptr<local_server> server_;
};

} // namespace

} // namespace tutti::relay

TUTTI_PLUGIN(tutti::relay::relay_plugin)
