// Looks for a Content-Type among the header lines of a request.
#include <transport/client.hpp>

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace tutti::transport {

bool has_content_type(std::string_view headers) {
  constexpr std::string_view name = "Content-Type:";
  while (!headers.empty()) {
    if (boost::beast::iequals(headers.substr(0, name.size()), name))
      return true;
    headers.remove_prefix(std::min(headers.find('\n'), headers.size() - 1) + 1);
  }
  return false;
}

} // namespace tutti::transport
