// Wire samples as answers.
#pragma once

#include <tests/support/source_dir.hpp>

#include <tutti/http_message.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace tutti::testing {

inline http_response response(int status, std::string body) {
  http_response made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

/// tests/samples/<name> as a 200.
inline http_response sample(const std::string& name) {
  std::ifstream file{source_file("tests/samples/" + name)};
  if (!file)
    throw std::runtime_error{"no sample " + name};
  std::ostringstream text;
  text << file.rdbuf();
  return response(200, std::move(text).str());
}

} // namespace tutti::testing
