// Compares host names without their ports.
#include <plugins/local/host_names.hpp>

#include <tutti/local_server.hpp>

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace tutti {

namespace {

/// `[::1]:80` and `::1`: `::1`; `a.example.:80`: `a.example`.
std::string_view without_port(std::string_view host) {
  if (host.starts_with('['))
    return host.substr(1, host.find(']') == host.npos ? host.npos : host.find(']') - 1);
  if (auto colon = host.find(':'); colon != host.npos && host.find(':', colon + 1) == host.npos)
    host = host.substr(0, colon);
  if (host.ends_with('.'))
    host.remove_suffix(1);
  return host;
}

} // namespace

bool is_own_host(std::string_view host, const boost::asio::ip::address& reached,
                 const std::vector<std::string>& others) {
  using boost::beast::iequals;
  const auto name = without_port(host);
  if (iequals(name, "localhost") || is_loopback(name))
    return true;
  boost::system::error_code none;
  auto address = boost::asio::ip::make_address(std::string{name}, none);
  // A socket for both families has the one of an IPv4 client as ::ffff:192.0.2.7.
  const auto plain = reached.is_v6() && reached.to_v6().is_v4_mapped()
                         ? boost::asio::ip::address{boost::asio::ip::make_address_v4(
                               boost::asio::ip::v4_mapped, reached.to_v6())}
                         : reached;
  if (!none && (address == reached || address == plain))
    return true;
  return std::any_of(others.begin(), others.end(),
                     [&](const std::string& each) { return iequals(name, each); });
}

bool is_address(std::string_view address) {
  boost::system::error_code none;
  boost::asio::ip::make_address(std::string{address}, none);
  return !none;
}

bool is_loopback(std::string_view address) {
  boost::system::error_code none;
  auto made = boost::asio::ip::make_address(std::string{address}, none);
  return !none && made.is_loopback();
}

} // namespace tutti
