// The emulator behind the face that authors' tests see.
#include <tutti/testing/pod.hpp>

#include <emulator/control/people.hpp>
#include <emulator/crypto/jwt.hpp>
#include <emulator/emulator.hpp>
#include <testing/keys.hpp>

#include <emulator/seed.hpp>

#include <map>
#include <stdexcept>

namespace tutti::testing {

namespace {

constexpr const char* usual_seed = R"(
pods:
  - { id: 130, name: Our bank, linkedWith: [197] }
  - { id: 197, name: Their bank, linkedWith: [130] }
users:
  - { pod: 130, username: my-bot, displayName: My bot, serviceAccount: true,
      roles: [INDIVIDUAL, CONTENT_EXPORT_SERVICE],
      features: { isExternalIMEnabled: true } }
  - { pod: 130, username: ada, displayName: Ada, email: ada@our.bank }
  - { pod: 130, username: ben, displayName: Ben, email: ben@our.bank }
  - { pod: 197, username: xenia, displayName: Xenia, email: xenia@their.bank,
      features: { isExternalIMEnabled: true } }
  - { pod: 197, username: zoe, displayName: Zoe, email: zoe@their.bank,
      features: { isExternalIMEnabled: true } }
connections:
  - { from: my-bot, to: xenia, status: accepted }
)";

} // namespace

class pod::state {
public:
  explicit state(const std::string& seed) {
    auto start = emulator::parse_seed(seed.empty() ? usual_seed : seed, "seed");
    kept = emulator::make_pod(start);
    options.service_times = start.service_times;
    for (const auto& [id, each] : kept->users.all())
      ids[each.username] = id;
  }

  /// Throws std::logic_error while it is away.
  emulator::server& serving() const {
    if (!server)
      throw std::logic_error{"the pod is away; call start()"};
    return *server;
  }

  std::map<std::string, std::int64_t> ids;
  emulator::server_options options;
  /// Also while the server is away.
  std::shared_ptr<emulator::pod> kept;
  std::unique_ptr<emulator::server> server;
};

pod::pod(const std::string& seed) : state_(std::make_unique<state>(seed)) {
  start();
}

pod::~pod() = default;

config pod::bot_config(const std::string& username) {
  auto id = id_of(username);
  state_->serving().with_pod(
      [&](emulator::pod& one) { one.users.set_public_key(id.value(), keys().public_pem); });
  config made;
  made.hosts.fill({"http", "127.0.0.1", port(), ""});
  made.bot.username = username;
  made.bot.private_key.content = keys().private_pem;
  made.log.level = log_level::off;
  return made;
}

user_id pod::id_of(const std::string& username) const {
  return user_id::make(state_->ids.at(username)).value();
}

std::uint16_t pod::port() const {
  return state_->options.port;
}

namespace {

const emulator::user& user_in(const emulator::pod& one, const std::string& name) {
  const auto* found = one.users.find(name);
  if (!found)
    throw std::out_of_range{"the pod has no user " + name};
  return *found;
}

[[noreturn]] void refuse(const emulator::refusal& why) {
  throw std::runtime_error{"HTTP " + std::to_string(why.status) + ": " + why.message};
}

} // namespace

std::string pod::say(const std::string& from, const std::string& to, const std::string& text) {
  std::string id;
  state_->serving().with_pod([&](emulator::pod& one) {
    const auto now = std::chrono::system_clock::now();
    const auto& who = user_in(one, from);
    auto opened = emulator::im_of(one, who, {user_in(one, to).id}, now);
    if (const auto* why = std::get_if<emulator::refusal>(&opened))
      refuse(*why);
    const auto& stream = std::get<std::string>(opened);
    auto said = emulator::say_as(one, who, stream, {one.messages.as_markup(text, stream)}, now);
    if (const auto* why = std::get_if<emulator::refusal>(&said))
      refuse(*why);
    id = std::get<const emulator::message*>(said)->id;
  });
  return id;
}

std::vector<std::string> pod::texts(const std::string& one, const std::string& other) const {
  std::vector<std::string> all;
  state_->serving().with_pod([&](emulator::pod& seen) {
    if (const auto* talk = seen.conversations.of({user_in(seen, one).id, user_in(seen, other).id}))
      for (const auto* each : seen.messages.of(talk->id))
        all.push_back(each->text);
  });
  return all;
}

int pod::count(const std::string& route) const {
  auto counts = state_->serving().request_counts();
  auto found = counts.find(route);
  return found == counts.end() ? 0 : found->second;
}

void pod::wait_for(const std::string& route, int count) const {
  state_->serving().wait_for(route, count);
}

void pod::set_delay(const std::string& path, std::chrono::milliseconds time) {
  state_->options.service_times[path] = time;
  state_->serving().set_service_time(path, time);
}

void pod::set_faults(const std::string& json) {
  state_->serving().set_faults(json);
}

void pod::expire_sessions() {
  state_->serving().with_pod([](emulator::pod& one) { one.sessions.expire_all(); });
}

void pod::stop() {
  if (!state_->server)
    return;
  state_->server.reset();
  state_->kept->sessions.expire_all();
}

void pod::start() {
  if (state_->server)
    return;
  state_->server = std::make_unique<emulator::server>(state_->kept, state_->options);
  state_->options.port = state_->server->port();
}

} // namespace tutti::testing
