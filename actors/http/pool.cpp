// The pool: which connection serves which exchange.
#include <actors/http/pool.hpp>

#include <actors/http/connection.hpp>
#include <actors/http/hosts.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <vector>

namespace tutti::http {

namespace {

class pool final : public client, private connection_owner {
public:
  pool(boost::asio::io_context& io, const std::array<host_config, 4>& hosts,
       const http_config& settings, const tls_context& tls, trust_source trust)
      : watch_(std::make_shared<socket_watch>(io)), names_(std::make_shared<name_look_ups>(io)),
        hosts_(hosts), groups_(host_groups(hosts)), settings_(settings),
        trust_(io, tls, std::move(trust)) {}

  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  ~pool() override {
    for (auto& each : connections_)
      each->close();
    names_->close();
    trust_.close();
  }

  void listen(listener* who) override { listener_ = who; }

  void send(exchange_id which, const outgoing& request) override {
    auto group = groups_[static_cast<std::size_t>(request.to)];
    auto& idle = idle_[group];
    connection* server = nullptr;
    // The one used last: its caches are warm, the others may age.
    auto last = std::find_if(idle.rbegin(), idle.rend(), [&](const connection* each) {
      return each->certificate() == request.certificate.get();
    });
    if (last != idle.rend()) {
      server = *last;
      idle.erase(std::next(last).base());
    } else {
      server = open(group, request.certificate);
    }
    busy_[which] = server;
    server->serve(which, request);
  }

  void cancel(exchange_id which) override {
    auto found = busy_.find(which);
    if (found == busy_.end())
      return;
    auto* server = found->second;
    busy_.erase(found);
    // What is on its way cannot be called back; the connection is given up with it.
    server->close();
    forget(*server);
  }

private:
  connection* open(std::size_t group, std::shared_ptr<const client_certificate> certificate) {
    auto tls = tls_of(group);
    // A TLS session taken up again would show who opened it.
    if (tls && certificate)
      tls = std::make_shared<tls_host>(tls->shared_context(), hosts_[group].host,
                                       std::move(certificate));
    connections_.push_back(
        std::make_shared<connection>(watch_, names_, hosts_[group], settings_, std::move(tls),
                                     static_cast<connection_owner*>(this), group));
    return connections_.back().get();
  }

  /// null for plain HTTP. With another context earlier sessions count no more.
  std::shared_ptr<tls_host> tls_of(std::size_t group) {
    if (hosts_[group].scheme != "https")
      return nullptr;
    const auto& context = trust_.current();
    auto& host = tls_[group];
    if (!host || host->shared_context() != context)
      host = std::make_shared<tls_host>(context, hosts_[group].host);
    return host;
  }

  void served(connection& which, exchange_id exchange, outcome how) override {
    busy_.erase(exchange);
    if (which.open())
      idle_[which.group()].push_back(&which);
    else
      forget(which);
    if (listener_)
      listener_->completed(exchange, std::move(how));
  }

  void lost(connection& which) override {
    std::erase(idle_[which.group()], &which);
    forget(which);
  }

  void forget(connection& which) {
    std::erase_if(connections_, [&](const auto& each) { return each.get() == &which; });
  }

  std::shared_ptr<socket_watch> watch_;
  std::shared_ptr<name_look_ups> names_;
  std::array<host_config, 4> hosts_;
  std::array<std::size_t, 4> groups_;
  http_config settings_;
  trust_keeper trust_;
  std::array<std::shared_ptr<tls_host>, 4> tls_;
  listener* listener_ = nullptr;
  std::vector<std::shared_ptr<connection>> connections_;
  std::array<std::vector<connection*>, 4> idle_;
  boost::unordered_flat_map<exchange_id, connection*> busy_;
};

} // namespace

std::unique_ptr<client> make_pool(boost::asio::io_context& io,
                                  const std::array<host_config, 4>& hosts,
                                  const http_config& settings, const tls_context& tls,
                                  trust_source trust) {
  return std::make_unique<pool>(io, hosts, settings, tls, std::move(trust));
}

} // namespace tutti::http
