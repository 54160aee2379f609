// Entity data as text, with numbers as Java writes them.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace tutti::messageml {

std::string json_text(const boost::json::value& one);

/// Whether each number is one: beyond the range of a double there is none.
bool is_finite(const boost::json::value& one);

} // namespace tutti::messageml
