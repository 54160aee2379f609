// dlopen, and the comparison of versions.
#include <plugins/shared_object.hpp>

#include <plugins/in_plugin.hpp>

#include <tutti/secret_file.hpp>

#include <cerrno>
#include <charconv>
#include <dlfcn.h>
#include <exception>
#include <filesystem>
#include <string_view>
#include <unistd.h>

namespace tutti::plugins {

namespace {

struct version {
  int major = 0;
  int minor = 0;
};

version read_version(std::string_view text) {
  version made;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), made.major);
  if (error == std::errc{} && end != text.data() + text.size())
    std::from_chars(end + 1, text.data() + text.size(), made.minor);
  return made;
}

} // namespace

std::string objection(const plugin_info& info) {
  auto own = read_version(TUTTI_VERSION);
  auto built = read_version(info.version);
  auto against = std::string{"it was built against Tutti "} + info.version + ", ";
  if (built.major != own.major)
    return against + "and this is " TUTTI_VERSION "; build it against this version";
  if (built.minor > own.minor)
    return against + "which is newer than this " TUTTI_VERSION
                     "; update Tutti, or build it against this version";
  if (info.abi != plugin_abi)
    return against + "whose interface in memory (" + std::to_string(info.abi) +
           ") is not that of this " TUTTI_VERSION " (" + std::to_string(plugin_abi) +
           "); build it against this version";
  if (info.caf != CAF_VERSION || info.boost != BOOST_VERSION)
    return "it was built with CAF " + std::to_string(info.caf) + " and Boost " +
           std::to_string(info.boost) + ", and Tutti with CAF " + std::to_string(CAF_VERSION) +
           " and Boost " + std::to_string(BOOST_VERSION) + "; build it with those";
  if (info.library != library_identity())
    return "it brings a copy of libtutti of its own; link it with the shared library";
  return {};
}

result<const plugin_info*> open(const std::string& path) {
  auto refused = [&](const std::string& why) {
    return failure{errc::misconfigured, path + ": " + why, 0, "plugin_refused"};
  };
  // Absolute: never searched for in the folders of the system.
  std::error_code error;
  auto place = std::filesystem::absolute(path, error);
  const auto there = !error && std::filesystem::exists(place, error);
  if (error)
    return refused("cannot be read (" + why_unreadable(place, error.value()) + ")");
  if (!there)
    return refused(path.starts_with('/')
                       ? "there is no such file"
                       : "there is no such file; looked for as " + place.string());
  if (::access(place.c_str(), R_OK) != 0)
    return refused("cannot be read (" + why_unreadable(place, errno) + ")");
  // Lazily: a plugin for a newer Tutti is refused for its version, not for a missing symbol.
  constexpr auto how = RTLD_LOCAL | RTLD_NODELETE;
  const in_plugin here{path, "its static initialisers"};
  void* object = nullptr;
  try {
    object = ::dlopen(place.c_str(), RTLD_LAZY | how);
  } catch (const std::exception& error) {
    return refused(std::string{"a static initialiser threw: "} + error.what());
  } catch (...) { // Another author's code.
    return refused("a static initialiser threw something that is no exception");
  }
  if (!object)
    return refused(std::string{"it cannot be loaded ("} + ::dlerror() + ")");
  auto* symbol = ::dlsym(object, "tutti_plugin");
  if (!symbol)
    return refused("it is no plugin: its .cpp needs the line TUTTI_PLUGIN(type)");
  const plugin_info* info = nullptr;
  try {
    info = reinterpret_cast<const plugin_info* (*)()>(symbol)();
  } catch (const std::exception& error) {
    return refused(std::string{"its tutti_plugin() threw: "} + error.what());
  } catch (...) { // Another author's code.
    return refused("its tutti_plugin() threw something that is no exception");
  }
  if (!info)
    return refused("it is no plugin: its tutti_plugin() answers nothing");
  if (auto why = objection(*info); !why.empty())
    return refused(why);
  if (!::dlopen(place.c_str(), RTLD_NOW | how))
    return refused(std::string{"it cannot be loaded ("} + ::dlerror() + ")");
  return info;
}

} // namespace tutti::plugins
