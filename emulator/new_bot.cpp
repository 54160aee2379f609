// Appends to the seed as text, so that its comments stay.
#include <emulator/new_bot.hpp>

#include <emulator/crypto/jwt.hpp>
#include <emulator/files.hpp>
#include <emulator/seed.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace tutti::emulator {

namespace {

namespace fs = std::filesystem;

constexpr const char* first_seed =
    R"(# A pod on your desk: see config/demo-pod.yaml of Tutti for all a seed can say.
pods:
  - { id: 130, name: Our bank }

users:
  - { pod: 130, username: ada, displayName: Ada, email: ada@our.bank }
  - { pod: 130, username: ben, displayName: Ben, email: ben@our.bank }
)";

/// The seed with one more line at the end of its list of users: their ids count by place.
std::string with_user(const std::string& seed, const std::string& line) {
  std::vector<std::string> lines;
  std::istringstream text{seed};
  for (std::string each; std::getline(text, each);)
    lines.push_back(each);
  auto last = std::find_if(lines.begin(), lines.end(),
                           [](const auto& each) { return each.starts_with("users:"); });
  if (last == lines.end())
    last = std::next(lines.insert(lines.end(), {"", "users:"}));
  std::string indent = "  ";
  for (auto each = std::next(last); each != lines.end(); ++each) {
    auto first = each->find_first_not_of(' ');
    if (first == each->npos || (*each)[first] == '#')
      continue;
    auto item = (*each)[first] == '-';
    if (first == 0 && !item)
      break; // What comes after the list.
    if (item)
      indent = each->substr(0, first);
    last = each;
  }
  lines.insert(std::next(last), indent + line);
  std::string made;
  for (const auto& each : lines)
    made += each + "\n";
  return made;
}

bool plain(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.';
  });
}

} // namespace

std::string add_bot(const new_bot& wanted) {
  if (!plain(wanted.name))
    throw std::runtime_error{"'" + wanted.name +
                             "': a name consists of letters, digits, '-', '_' and '.'"};
  auto fresh = !fs::exists(wanted.seed);
  auto text = fresh ? std::string{first_seed} : read_file(wanted.seed);
  auto before = parse_seed(text, wanted.seed);
  if (before.companies.empty())
    throw std::runtime_error{wanted.seed + ": there is no pod in it to add a bot to"};
  for (const auto& each : before.users)
    if (each.username == wanted.name)
      throw std::runtime_error{wanted.seed + ": there is a user '" + wanted.name + "' already"};

  fs::create_directories(wanted.folder);
  auto base = fs::absolute(fs::path{wanted.folder} / wanted.name).lexically_normal().string();
  for (const auto* ending : {".pem", ".pub.pem", ".yaml"})
    if (fs::exists(base + ending))
      throw std::runtime_error{base + ending +
                               " is there already; remove it, or choose another "
                               "--folder"};

  auto line = [&](const std::string& more) {
    return "- { pod: " + std::to_string(before.companies.front().id) +
           ", username: " + wanted.name +
           ", serviceAccount: true, features: { isExternalIMEnabled: true }" + more + " }";
  };
  // Before anything is written: a seed laid out in a way that cannot be added to.
  try {
    auto after = parse_seed(with_user(text, line("")), wanted.seed);
    if (after.users.size() != before.users.size() + 1 || after.users.back().username != wanted.name)
      throw std::runtime_error{"the user did not get in"};
  } catch (const std::runtime_error& error) {
    throw std::runtime_error{wanted.seed + ": the bot cannot be added as a line under users: (" +
                             error.what() + "); write that list with one '- ' line for each user"};
  }

  auto keys = make_key_pair();
  write_secret(base + ".pem", keys.private_pem);
  write_text(base + ".pub.pem", keys.public_pem);
  write_text(base + ".yaml",
             "# The bot " + wanted.name + " at a tutti-pod on this machine.\n" +
                 "scheme: http\nhost: 127.0.0.1\nport: " + std::to_string(wanted.port) +
                 "\nbot:\n  username: " + wanted.name + "\n  privateKey:\n    path: \"" + base +
                 ".pem\"\n");
  try {
    write_text(wanted.seed, with_user(text, line(",\n      publicKey: \"" + base + ".pub.pem\"")));
  } catch (const std::runtime_error&) {
    for (const auto* ending : {".pem", ".pub.pem", ".yaml"})
      fs::remove(base + ending);
    throw;
  }
  std::string somebody = "USER";
  for (const auto& each : before.users)
    if (!each.service_account)
      somebody = each.username;
  return wanted.seed + (fresh ? " made, with the users ada and ben and the bot " : ": added ") +
         wanted.name + "\n" + base + ".pem: its private key\n" + base +
         ".yaml: its configuration\n\nnext:\n  tutti-pod --seed " + wanted.seed + " --port " +
         std::to_string(wanted.port) + " &\n  tutti im open --config " + base + ".yaml " +
         somebody + "\n";
}

} // namespace tutti::emulator
