// Which URLs a local client calls.
#include <tutti/local_client.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace tutti {

std::string local_client::flaw_of(const std::string& url) {
  const auto read = boost::urls::parse_uri(url);
  if (!read || read->host().empty())
    return "'" + url + "' is no URL; write http://host:port/path";
  if (read->has_userinfo())
    return "the URL of " + std::string{read->host()} +
           " has a name and a password: send them as a header, a plugin by its token";
  if (read->scheme() != "http")
    return "'" + url + "': only http is spoken; put what speaks " + std::string{read->scheme()} +
           " behind a proxy on this host";
  return {};
}

} // namespace tutti
