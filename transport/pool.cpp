// The pool: which connection serves which exchange, and which connections are trusted no more.
#include <transport/pool.hpp>

#include <transport/connection.hpp>
#include <transport/hosts.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <deque>
#include <vector>

namespace tutti::transport {

namespace {

using clock = connection::clock;

/// How often those that wait for a file descriptor try whether there is one.
constexpr std::chrono::milliseconds starving{100};
/// A host in trouble is looked up again for new connections, but not more often than this.
constexpr std::chrono::seconds renewal_pause{5};

class pool final : public client, private connection_owner {
public:
  pool(boost::asio::io_context& io, const std::array<host_config, service_count>& hosts,
       const http_config& settings, const tls_context& tls, trust_source trust)
      : watch_(std::make_shared<socket_watch>(io)), names_(std::make_shared<name_look_ups>(io)),
        hosts_(hosts), groups_(host_groups(hosts)), settings_(settings),
        trust_(io, tls, std::move(trust)), ageing_(io), feeding_(io) {}

  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  ~pool() override {
    ageing_.cancel();
    feeding_.cancel();
    for (auto& each : connections_)
      each->close();
    names_->close();
    trust_.close();
  }

  void listen(listener* who) override { listener_ = who; }

  void send(exchange_id which, const outgoing& request) override {
    auto group = groups_[static_cast<std::size_t>(request.to)];
    auto* server = request.fresh ? nullptr : take_idle(group, request.certificate.get());
    if (!server)
      server = open(group, request.certificate);
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

  bool suspect(exchange_id which) override {
    auto found = busy_.find(which);
    if (found == busy_.end() || !found->second->unanswered())
      return false;
    drop_as_old_as(*found->second);
    return true;
  }

  bool waits_for_descriptor(exchange_id which) const override {
    const auto found = busy_.find(which);
    return found != busy_.end() &&
           std::find(starved_.begin(), starved_.end(), found->second) != starved_.end();
  }

  void reconnect(service to) override {
    const auto group = groups_[static_cast<std::size_t>(to)];
    const auto now = clock::now();
    if (now - renewed_[group] < renewal_pause)
      return;
    renewed_[group] = now;
    drop_if(group, [](const connection&) { return true; });
  }

private:
  // -- idle connections ---------------------------------------------------------------

  /// The one used last: its caches are warm, the others may age. Null when there is none.
  connection* take_idle(std::size_t group, const crypto::client_certificate* certificate) {
    auto& idle = idle_[group];
    if (idle.empty())
      return nullptr;
    const auto now = clock::now();
    for (auto i = idle.size(); i-- > 0;) {
      auto* each = idle[i];
      if (each->certificate() != certificate)
        continue;
      idle.erase(idle.begin() + static_cast<std::ptrdiff_t>(i));
      if (!outlived(*each, now))
        return each;
      close(*each);
    }
    return nullptr;
  }

  bool outlived(const connection& which, clock::time_point now) const {
    return (settings_.idle_timeout.count() > 0 &&
            now - which.idle_since() >= settings_.idle_timeout) ||
           too_old(which, now);
  }

  bool too_old(const connection& which, clock::time_point now) const {
    return (settings_.time_to_live.count() > 0 && now - which.opened() >= settings_.time_to_live) ||
           which.opened() <= renewed_[which.group()];
  }

  /// Closes the idle ones of which `is` holds.
  template <class Is>
  void drop_if(std::size_t group, Is&& is) {
    auto& idle = idle_[group];
    const auto kept = std::stable_partition(idle.begin(), idle.end(),
                                            [&](const connection* each) { return !is(*each); });
    const std::vector<connection*> dropped(kept, idle.end());
    idle.erase(kept, idle.end());
    for (auto* each : dropped)
      close(*each);
  }

  void drop_as_old_as(const connection& suspicious) {
    drop_if(suspicious.group(),
            [&](const connection& each) { return each.idle_since() <= suspicious.idle_since(); });
  }

  /// One clock for all idle ones: it rings when the first of them may have become too old.
  void plan_ageing() {
    if (ageing_planned_ || settings_.idle_timeout.count() <= 0)
      return;
    ageing_planned_ = true;
    ageing_.expires_after(settings_.idle_timeout);
    ageing_.async_wait([this, alive = std::weak_ptr{alive_}](boost::system::error_code) {
      if (!alive.expired())
        age();
    });
  }

  void age() {
    ageing_planned_ = false;
    const auto now = clock::now();
    auto some_left = false;
    for (std::size_t group = 0; group < idle_.size(); ++group) {
      drop_if(group, [&](const connection& each) { return outlived(each, now); });
      some_left = some_left || !idle_[group].empty();
    }
    if (some_left)
      plan_ageing();
  }

  // -- opening and closing --------------------------------------------------------------

  connection* open(std::size_t group,
                   std::shared_ptr<const crypto::client_certificate> certificate) {
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

  void close(connection& which) {
    which.close();
    forget(which);
  }

  void forget(connection& which) {
    std::erase(starved_, &which);
    std::erase_if(connections_, [&](const auto& each) { return each.get() == &which; });
    feed();
  }

  // -- what connections report ------------------------------------------------------------

  void served(connection& which, exchange_id exchange, outcome how) override {
    busy_.erase(exchange);
    if (how.stale_connection)
      drop_as_old_as(which);
    const auto now = clock::now();
    if (!which.open())
      forget(which);
    else if (too_old(which, now))
      close(which);
    else
      now_idle(which, now);
    if (listener_)
      listener_->completed(exchange, std::move(how));
  }

  void now_idle(connection& which, clock::time_point now) {
    which.idle_from(now);
    if (auto* waits = starved_like(which))
      return hand_over(*waits, which);
    idle_[which.group()].push_back(&which);
    plan_ageing();
  }

  void lost(connection& which) override {
    std::erase(idle_[which.group()], &which);
    forget(which);
  }

  // -- without file descriptors -----------------------------------------------------------

  bool starved(connection& which) override {
    // While its name was looked up another one may have become idle.
    if (auto* idle =
            which.wants_to_be_fresh() ? nullptr : take_idle(which.group(), which.certificate())) {
      hand_over(which, *idle);
      return true;
    }
    auto* spare = any_idle();
    const auto another =
        std::any_of(connections_.begin(), connections_.end(), [&](const auto& each) {
          return each.get() != &which && each->group() == which.group() && each->connected();
        });
    if (!spare && !another)
      return false;
    starved_.push_back(&which);
    plan_feeding();
    if (spare) { // Its descriptor is of more use here.
      std::erase(idle_[spare->group()], spare);
      close(*spare);
    }
    return true;
  }

  /// The one that has been idle for longest, of any host.
  connection* any_idle() const {
    connection* longest = nullptr;
    for (const auto& idle : idle_)
      if (!idle.empty() && (!longest || idle.front()->idle_since() < longest->idle_since()))
        longest = idle.front();
    return longest;
  }

  void hand_over(connection& from, connection& to) {
    const auto exchange = from.current();
    to.take_over(from);
    busy_[exchange] = &to;
    close(from);
  }

  connection* starved_like(const connection& idle) const {
    const auto found = std::find_if(starved_.begin(), starved_.end(), [&](const connection* each) {
      return each->group() == idle.group() && each->certificate() == idle.certificate() &&
             !each->wants_to_be_fresh();
    });
    return found == starved_.end() ? nullptr : *found;
  }

  /// A descriptor may be free: the one that has waited longest tries.
  void feed() {
    if (starved_.empty())
      return;
    auto* next = starved_.front();
    starved_.pop_front();
    next->connect_again();
  }

  void plan_feeding() {
    if (feeding_planned_)
      return;
    feeding_planned_ = true;
    feeding_.expires_after(starving);
    feeding_.async_wait([this, alive = std::weak_ptr{alive_}](boost::system::error_code) {
      if (alive.expired())
        return;
      feeding_planned_ = false;
      feed();
      if (!starved_.empty())
        plan_feeding();
    });
  }

  std::shared_ptr<socket_watch> watch_;
  std::shared_ptr<name_look_ups> names_;
  std::array<host_config, service_count> hosts_;
  std::array<std::size_t, service_count> groups_;
  http_config settings_;
  trust_keeper trust_;
  std::array<std::shared_ptr<tls_host>, service_count> tls_;
  listener* listener_ = nullptr;
  std::vector<std::shared_ptr<connection>> connections_;
  /// Longest idle first.
  std::array<std::vector<connection*>, service_count> idle_;
  boost::unordered_flat_map<exchange_id, connection*> busy_;
  /// Connections opened before this are closed after their exchange.
  std::array<clock::time_point, service_count> renewed_{};
  /// Those that wait for a file descriptor, in busy_ as well.
  std::deque<connection*> starved_;
  boost::asio::steady_timer ageing_;
  bool ageing_planned_ = false;
  boost::asio::steady_timer feeding_;
  bool feeding_planned_ = false;
  /// Gone with the pool: a timer's handler may come after it.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

} // namespace

std::unique_ptr<client> make_pool(boost::asio::io_context& io,
                                  const std::array<host_config, service_count>& hosts,
                                  const http_config& settings, const tls_context& tls,
                                  trust_source trust) {
  return std::make_unique<pool>(io, hosts, settings, tls, std::move(trust));
}

} // namespace tutti::transport
