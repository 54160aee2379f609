// A plugin in a shared object: opened, and looked at before it is used.
#pragma once

#include <tutti/plugin.hpp>

#include <string>

namespace tutti::plugins {

/// Why a plugin built with `info` may not be used; empty when it may. One built against the headers
/// of this version or an older minor one may be used.
std::string objection(const plugin_info& info);

/// Loads the object, which stays loaded until the process ends: actors made of its code may live
/// longer than the plugin. Fails with `errc::misconfigured`, naming `path`.
result<const plugin_info*> open(const std::string& path);

} // namespace tutti::plugins
