// Asks, and writes down what both sides saw.
#include <tests/statements/harness.hpp>

#include <chrono>
#include <cstdio>
#include <regex>

namespace tutti::testing {

using namespace std::chrono_literals;

namespace {

const emulator::certificate& shown() {
  static const auto made = emulator::make_certificate({"127.0.0.1"});
  return made;
}

} // namespace

harness::harness(bool gateway)
    : pod(gateway ? emulator::server_options{.context = "/gateway", .tls = shown()}
                  : emulator::server_options{}),
      settings(pod.bot_config()) {
  settings.retry.max_attempts = 3;
  settings.retry.initial_interval = 5ms;
  if (!gateway)
    return;
  settings.hosts.fill({"https", "127.0.0.1", pod.serving.port(), "/gateway"});
  settings.tls.trust_store_content = shown().authority;
  note("configured with `scheme: https`, `context: gateway`");
}

bot& harness::running() {
  if (!bot_) {
    bot_ = std::make_unique<bot>(settings);
    bot_->start().value();
  }
  return *bot_;
}

void harness::restart() {
  bot_.reset();
  note("a new bot that knows nothing");
}

create_im harness::with(const std::vector<std::string>& names) {
  create_im wanted;
  for (const auto& name : names)
    wanted.participants.push_back(pod.id(name));
  return wanted;
}

result<im_created> harness::open(create_im wanted, const std::string& more) {
  std::string names;
  for (auto user : wanted.participants)
    names += (names.empty() ? "" : ", ") + name_of(user.value());
  add(asked, "an IM with " + (names.empty() ? "nobody" : names) + more);
  auto came = running().ask(std::move(wanted)).get();
  record();
  add(got, came ? "opened" : told(came.error()));
  return came;
}

result<http_response> harness::post(const std::string& body, bool session,
                                    const std::string& target) {
  add(asked, "a call by hand: " + (body.empty() ? "no body" : masked(body)) +
                 (session ? "" : ", without a session"));
  http_call call;
  call.authorized = session;
  call.request.method = http_method::post;
  call.request.target = target;
  call.request.body = body;
  auto came = running().ask(std::move(call)).get();
  record();
  add(got, came ? "HTTP " + std::to_string(came->status) + (came->status < 400 ? "" : ": ") +
                      (came->status < 400 ? "" : "`" + masked(came->body) + "`")
                : told(came.error()));
  return came;
}

void harness::meet(const std::string& members) {
  pod.serving.set_faults("[{\"path\": \"/pod/v1/im/create\", \"count\": 1, " + members + "}]");
}

std::string harness::members() {
  std::string names;
  pod.serving.with_pod([&](emulator::pod& state) {
    if (state.conversations.all().size() != 1)
      return;
    for (const auto& [id, who] : state.users.all())
      for (const auto& [other_id, other] : state.users.all())
        if (id < other_id && state.conversations.of({id, other_id}))
          names = who.username + ", " + other.username;
  });
  return names;
}

int harness::creates() {
  return pod.serving.request_counts()["POST /pod/v1/im/create"];
}

void harness::must(bool holds, const std::string& otherwise) {
  if (!holds)
    add(broken, otherwise);
}

void harness::add(std::string& to, const std::string& line) {
  to += (to.empty() ? "" : "<br>") + line;
}

std::string harness::name_of(std::int64_t id) const {
  for (const auto& [name, known] : pod.ids)
    if (known == id)
      return name;
  return std::to_string(id);
}

/// What differs from run to run, or is of no interest.
std::string harness::masked(std::string text) const {
  for (const auto& [name, id] : pod.ids)
    text = std::regex_replace(text, std::regex{std::to_string(id)}, "<" + name + ">");
  text = std::regex_replace(text, std::regex{" \\(trace [A-Za-z0-9]+\\)"}, "");
  text = std::regex_replace(text, std::regex{"127\\.0\\.0\\.1:[0-9]+"}, "HOST");
  text = std::regex_replace(text, std::regex{"\\|"}, "\\|");
  return text;
}

std::string harness::told(const failure& why) const {
  return "`" + std::string{to_string(why.error)} + "`: " + masked(why.detail);
}

void harness::record() {
  auto all = pod.serving.requests();
  std::string lines;
  for (; seen_ < all.size(); ++seen_) {
    const auto& each = all[seen_];
    auto is_login = each.target.find("/login/") != std::string::npos;
    auto is_look_up = with_look_ups && each.route == "/pod/v3/users";
    if (!is_login && !is_look_up && each.target.find("im/create") == std::string::npos)
      continue;
    auto line = "`" + each.method + " " + masked(each.target) + "`";
    if (is_login) {
      // The first login goes without saying.
      if (saw.empty() && lines.empty())
        continue;
      add(lines, line);
      continue;
    }
    std::string owner = "no session";
    pod.serving.with_pod([&](emulator::pod& state) {
      if (const auto* who =
              state.sessions.user_of(each.session_token, std::chrono::system_clock::now()))
        owner = "session of " + who->username;
      else if (!each.session_token.empty())
        owner = "a session that has ended";
    });
    add(lines, line + ", " + owner + ", " + (each.body.empty() ? "no body" : each.content_type) +
                   (each.body.empty() ? "" : ", `" + masked(each.body) + "`"));
  }
  add(saw, lines.empty() ? "nothing" : lines);
}

} // namespace tutti::testing
