// YAML to pod, and keys for its bots.
#include <emulator/seed.hpp>

#include <emulator/crypto/jwt.hpp>
#include <emulator/files.hpp>
#include <emulator/server/faults.hpp>
#include <emulator/text.hpp>

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace tutti::emulator {

namespace {

/// A map of the seed that knows which of its keys are known.
class section {
public:
  section(const YAML::Node& node, std::string name, std::set<std::string> known)
      : node_(node), name_(std::move(name)) {
    if (!node_.IsMap())
      throw wrong(node_, "a map is expected");
    std::set<std::string> seen;
    for (const auto& row : node_) {
      if (!known.contains(row.first.Scalar()))
        throw wrong(row.first, "unknown key '" + row.first.Scalar() + "'");
      if (!seen.insert(row.first.Scalar()).second)
        throw wrong(row.first, row.first.Scalar() + ": given twice");
    }
  }

  template <class T>
  T get(const char* key, T otherwise) const {
    auto found = node_[key];
    if (!found)
      return otherwise;
    try {
      return found.as<T>();
    } catch (const YAML::Exception&) {
      throw wrong(found, std::string{key} + " has the wrong type");
    }
  }

  YAML::Node operator[](const char* key) const { return node_[key]; }
  const YAML::Node& node() const { return node_; }

  std::runtime_error wrong(const YAML::Node& where, const std::string& what) const {
    return std::runtime_error{name_ + ":" + std::to_string(where.Mark().line + 1) + ": " + what};
  }

private:
  YAML::Node node_;
  std::string name_;
};

company read_company(const section& in) {
  company made{in.get<std::int64_t>("id", 0), in.get<std::string>("name", ""), {}};
  if (made.id <= 0)
    throw in.wrong(in["id"], "pods: id must be a positive number");
  for (auto other : in.get<std::vector<std::int64_t>>("linkedWith", {}))
    made.linked.insert(other);
  return made;
}

user read_user(const section& in, const std::set<std::int64_t>& pods) {
  user made;
  made.id = in.get<uid>("id", 0);
  made.company = in.get<std::int64_t>("pod", 0);
  if (!pods.contains(made.company))
    throw in.wrong(in["pod"] ? in["pod"] : in.node(), "users: pod is none of those under pods");
  made.username = in.get<std::string>("username", "");
  made.email = in.get<std::string>("email", "");
  made.display_name = in.get<std::string>("displayName", made.username);
  made.service_account = in.get<bool>("serviceAccount", false);
  made.active = in.get<bool>("active", true);
  for (auto& role : in.get<std::vector<std::string>>("roles", {"INDIVIDUAL"}))
    made.roles.insert(std::move(role));
  made.features = in.get<std::map<std::string, bool>>("features", {});
  if (auto path = in.get<std::string>("publicKey", ""); !path.empty())
    made.public_key = read_file(path);
  return made;
}

seed::given_app read_app(const section& in, const std::set<std::int64_t>& pods) {
  seed::given_app made;
  auto& what = made.what;
  what.id = in.get<std::string>("id", "");
  if (what.id.empty())
    throw in.wrong(in.node(), "apps: every app needs an id");
  what.company = in.get<std::int64_t>("pod", 0);
  if (!pods.contains(what.company))
    throw in.wrong(in["pod"] ? in["pod"] : in.node(), "apps: pod is none of those under pods");
  what.enabled = in.get<bool>("enabled", true);
  for (auto& each : in.get<std::vector<std::string>>(
           "permissions",
           {"ACT_AS_USER", "SEND_MESSAGES", "GET_USER_CONNECTIONS", "REQUEST_USER_CONNECTIONS",
            "GET_BASIC_USER_INFO", "GET_BASIC_CONTACT_INFO", "LIST_USER_STREAMS", "MANAGE_ROOMS"}))
    what.permissions.insert(std::move(each));
  if (in["installedFor"])
    made.installed_for = in.get<std::vector<std::string>>("installedFor", {});
  if (auto path = in.get<std::string>("publicKey", ""); !path.empty())
    what.public_key = read_file(path);
  return made;
}

/// A plain scalar stands for itself, as numbers and booleans do in JSON.
std::string json_of(const YAML::Node& node) {
  std::string text;
  if (node.IsSequence()) {
    for (const auto& each : node)
      text += (text.empty() ? "" : ",") + json_of(each);
    return "[" + text + "]";
  }
  if (node.IsMap()) {
    for (const auto& row : node)
      text +=
          (text.empty() ? "" : ",") + json_string(row.first.Scalar()) + ":" + json_of(row.second);
    return "{" + text + "}";
  }
  if (node.IsNull())
    return "null";
  const auto& word = node.Scalar();
  auto quoted = node.Tag() != "?";
  if (!quoted && (word == "true" || word == "false" ||
                  word.find_first_not_of("-0123456789.") == std::string::npos))
    return word;
  return json_string(word);
}

connection::state read_state(const section& in) {
  auto word = in.get<std::string>("status", "accepted");
  if (word == "accepted")
    return connection::state::accepted;
  if (word == "pending")
    return connection::state::pending;
  if (word == "rejected")
    return connection::state::rejected;
  throw in.wrong(in["status"], "status is accepted, pending or rejected");
}

seed read_seed(const YAML::Node& root, const std::string& name) {
  seed made;
  auto all = section{
      root, name, {"pods", "users", "apps", "connections", "serviceTimes", "options", "faults"}};
  std::set<std::int64_t> pods;
  for (const auto& node : all["pods"]) {
    made.companies.push_back(read_company({node, name, {"id", "name", "linkedWith"}}));
    if (!pods.insert(made.companies.back().id).second)
      throw all.wrong(node, "pods: this id stands twice");
  }
  // A service account logs in by its name, at whichever pod.
  std::set<std::pair<std::int64_t, std::string>> names;
  std::set<std::string> services;
  for (const auto& node : all["users"]) {
    auto in = section{node,
                      name,
                      {"id", "pod", "username", "email", "displayName", "serviceAccount", "active",
                       "roles", "features", "publicKey"}};
    made.users.push_back(read_user(in, pods));
    const auto& last = made.users.back();
    const auto fresh = names.emplace(last.company, last.username).second &&
                       (!last.service_account || services.insert(last.username).second);
    if (last.username.empty() || !fresh)
      throw all.wrong(node, "users: every user needs a username of its own in its pod");
  }
  for (const auto& node : all["apps"])
    made.apps.push_back(read_app(
        {node, name, {"id", "pod", "enabled", "permissions", "installedFor", "publicKey"}}, pods));
  for (const auto& node : all["connections"]) {
    auto in = section{node, name, {"from", "to", "status"}};
    made.connections.push_back(
        {in.get<std::string>("from", ""), in.get<std::string>("to", ""), read_state(in)});
  }
  for (const auto& [path, ms] : all.get<std::map<std::string, int>>("serviceTimes", {}))
    made.service_times[path] = std::chrono::milliseconds{ms};
  if (auto node = all["faults"]) {
    made.faults = json_of(node);
    if (auto wrong = faults{}.set(made.faults); !wrong.empty())
      throw all.wrong(node, "faults: " + wrong);
  }
  if (auto node = all["options"]) {
    auto in = section{node,
                      name,
                      {"sessionSeconds", "calleeNeedsExternalIM", "refuseMultiParty",
                       "commonJwtAtLogin", "commonJwtSeconds", "feedVisibilitySeconds",
                       "feedIdleSeconds", "feedPollSeconds", "feedBatch"}};
    made.options.session_lifetime = std::chrono::seconds{in.get<int>("sessionSeconds", 3600)};
    made.options.callee_needs_external_im = in.get<bool>("calleeNeedsExternalIM", true);
    made.options.common_jwt_at_login = in.get<bool>("commonJwtAtLogin", false);
    made.options.common_jwt_lifetime = std::chrono::seconds{in.get<int>("commonJwtSeconds", 300)};
    made.options.refuse_multi_party = in.get<bool>("refuseMultiParty", false);
    made.options.feed_visibility = std::chrono::seconds{in.get<int>("feedVisibilitySeconds", 30)};
    made.options.feed_idle = std::chrono::seconds{in.get<int>("feedIdleSeconds", 1800)};
    made.options.feed_poll = std::chrono::seconds{in.get<int>("feedPollSeconds", 30)};
    made.options.feed_batch = static_cast<std::size_t>(in.get<int>("feedBatch", 100));
  }
  return made;
}

} // namespace

seed parse_seed(const std::string& yaml, const std::string& name) {
  try {
    return read_seed(YAML::Load(yaml), name);
  } catch (const YAML::Exception& error) {
    throw std::runtime_error{name + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg};
  }
}

seed load_seed(const std::string& path) {
  return parse_seed(read_file(path), path);
}

std::shared_ptr<pod> make_pod(const seed& start) {
  auto made = std::make_shared<pod>(start.options);
  for (const auto& each : start.companies)
    made->users.add(each);
  for (const auto& each : start.users)
    made->users.add(each);
  for (const auto& each : start.apps) {
    auto one = each.what;
    if (each.installed_for)
      one.installed.emplace();
    for (const auto& name : each.installed_for.value_or(std::vector<std::string>{})) {
      const auto* who = made->users.find(name);
      if (!who)
        throw std::runtime_error{"apps: there is no user '" + name + "' in the seed"};
      one.installed->insert(who->id);
    }
    made->apps.add(std::move(one));
  }
  for (const auto& each : start.connections) {
    const auto* from = made->users.find(each.from);
    const auto* to = made->users.find(each.to);
    if (!from || !to)
      throw std::runtime_error{"connections: there is no user '" + (from ? each.to : each.from) +
                               "' in the seed"};
    made->connections.set(from->id, to->id, each.status);
  }
  return made;
}

std::vector<std::string> without_key(const pod& state) {
  std::vector<std::string> names;
  for (const auto& [id, each] : state.users.all())
    if (each.service_account && each.public_key.empty())
      names.push_back(each.username);
  for (const auto& [id, each] : state.apps.all())
    if (each.public_key.empty())
      names.push_back(id);
  return names;
}

namespace {

/// The public half of the key in that file, which is made where there is none.
std::string key_in(const std::string& path) {
  namespace fs = std::filesystem;
  if (!fs::exists(path)) {
    // Whole or not at all: another pod may be doing the same, and the first one counts.
    auto own = path + "." + std::to_string(::getpid());
    write_secret(own, make_key_pair().private_pem);
    std::error_code there_already;
    fs::create_hard_link(own, path, there_already);
    fs::remove(own);
  }
  auto known = public_half(read_file(path));
  if (known.empty())
    throw std::runtime_error{path + ": not an RSA private key; remove it to have one made"};
  return known;
}

} // namespace

void make_missing_keys(pod& state, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder))
    throw std::runtime_error{"--keys: " + folder + " is not a folder and cannot be made one"};
  for (const auto& name : without_key(state)) {
    auto key = key_in((fs::path{folder} / (name + ".pem")).string());
    if (state.apps.find(name))
      state.apps.set_public_key(name, std::move(key));
    else
      state.users.set_public_key(state.users.find(name)->id, std::move(key));
  }
}

} // namespace tutti::emulator
