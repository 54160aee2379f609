// The system's resolver, called on a thread that owns all it uses.
#include <transport/connect/name_look_ups.hpp>

#include <base/threads/off_thread.hpp>
#include <transport/connect/connect_race.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace tutti::transport {

namespace asio = boost::asio;

namespace {

/// The resolver says anything then: it can open neither its files nor a socket.
bool no_descriptor_left() {
  const auto tried = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (tried < 0)
    return errno == EMFILE || errno == ENFILE;
  ::close(tried);
  return false;
}

/// Blocks as long as the system's resolver does.
name_look_ups::addresses resolve(const std::string& host, std::uint16_t port,
                                 boost::system::error_code& error) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* first = nullptr;
  const auto status = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &first);
  const auto freed = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>{first, &::freeaddrinfo};
  switch (status) {
  case 0:
    break;
  case EAI_NONAME:
  case EAI_NODATA:
    error = asio::error::host_not_found;
    break;
  case EAI_AGAIN:
    error = asio::error::host_not_found_try_again;
    break;
  default:
    error = asio::error::no_recovery;
  }
  if (status != 0 && no_descriptor_left())
    error = asio::error::no_descriptors;
  name_look_ups::addresses all;
  for (const auto* each = status == 0 ? first : nullptr; each; each = each->ai_next) {
    asio::ip::tcp::endpoint made;
    if (each->ai_addrlen > made.capacity())
      continue;
    std::memcpy(made.data(), each->ai_addr, each->ai_addrlen);
    made.resize(each->ai_addrlen);
    all.push_back(made);
  }
  return all;
}

} // namespace

name_look_ups::name_look_ups(asio::io_context& io)
    : io_(io),
      door_(std::make_shared<job_door>([&io](auto job) { asio::post(io, std::move(job)); })) {}

void name_look_ups::look_up(const std::string& host, std::uint16_t port, handler answer) {
  boost::system::error_code no_address;
  if (auto address = asio::ip::make_address(host, no_address); !no_address)
    return asio::post(io_, [answer = std::move(answer), address, port] {
      answer({}, {{address, port}});
    });
  auto which = name{host, port};
  auto [place, fresh] = under_way_.try_emplace(which, asked{asio::make_work_guard(io_), {}});
  place->second.waiting.push_back(std::move(answer));
  if (!fresh)
    return;
  run_off_thread([this, door = door_, which] {
    boost::system::error_code error;
    auto all = resolve(which.first, which.second, error);
    // `this` is used on the loop only, where the door keeps it from being used too late.
    door->post([this, which, error, all = std::move(all)] { found(which, error, all); });
  });
}

void name_look_ups::worked(const std::string& host, std::uint16_t port,
                           const asio::ip::tcp::endpoint& address) {
  good_[{host, port}] = address;
}

void name_look_ups::close() {
  door_->close();
  under_way_.clear();
}

void name_look_ups::found(const name& which, boost::system::error_code error,
                          const addresses& all) {
  auto done = under_way_.extract(which);
  if (done.empty())
    return;
  const auto good = good_.find(which);
  const auto ordered =
      in_order(all, good == good_.end() ? std::nullopt : std::optional{good->second});
  for (auto& each : done.mapped().waiting)
    each(error, ordered);
}

} // namespace tutti::transport
