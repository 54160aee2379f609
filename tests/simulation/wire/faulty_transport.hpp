// The wire between the http actor and a pod, at the mercy of a seeded adversary.
#pragma once

#include <tests/simulation/kit/chance.hpp>
#include <tests/simulation/kit/event_queue.hpp>
#include <tests/simulation/kit/trace.hpp>

#include <emulator/routes/routes.hpp>
#include <emulator/state/pod.hpp>
#include <transport/client.hpp>

#include <tutti/config.hpp>
#include <tutti/identity.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tutti::simulation {

/// Answers calls by a pod of the emulator, after the adversary has done its worst; checks what may
/// be seen on the wire. Outlives the cores that use it.
class faulty_transport {
public:
  using time_point = event_queue::time_point;

  faulty_transport(chance& luck, event_queue& events, trace& kept, const config& settings,
                   std::function<time_point()> clock, std::function<void(std::string)> object);

  /// A transport for one core; the one before is no longer used.
  std::unique_ptr<transport::client> make_client();

  /// Percent of exchanges that go wrong from now on.
  void set_trouble(std::size_t percent) { trouble_ = percent; }

  /// Percent that take long, each way up to `most`.
  void set_slow(std::size_t percent) { slow_ = percent; }
  void set_slowest(std::chrono::microseconds most) { slowest_ = most; }

  /// Percent of reads of a feed whose events come twice, or in the reverse order; of an eighth of
  /// these the feed is gone.
  void set_feed_trouble(std::size_t percent) { feed_trouble_ = percent; }
  /// Something has happened at the pod: reads that wait look again.
  void wake();
  /// Called with the target and body of each request that the pod acts on, and what it says.
  using watcher =
      std::function<void(const std::string&, const std::string&, const emulator::reply&)>;
  void watch(watcher who) { watch_ = std::move(who); }

  emulator::pod& pod() { return pod_; }
  /// Ends every session at the pod.
  void expire_sessions() { pod_.sessions.expire_all(); }

  /// Exchanges that have not ended.
  std::size_t open() const { return open_.size(); }
  /// Those of them that open an IM.
  std::size_t open_flights() const;
  std::size_t sent() const { return sent_; }

  emulator::time_point pod_time() const;

private:
  class client;

  struct exchange {
    transport::exchange_id id = 0;
    /// Which of all it is.
    std::uint64_t number = 0;
    std::string method;
    std::string target;
    std::string token;
    std::string keys;
    std::string content_type;
    std::string trace;
    std::string body;
    /// On a connection that has not served before.
    bool fresh = false;
    /// What no two exchanges may be under way for: a flight or a login; empty for others.
    std::string key;
    std::optional<event_queue::key> completion;

    /// A read of a feed, which the pod holds until there is something to read.
    bool is_poll() const {
      return target.starts_with("/agent/v5/datafeeds/") && target.ends_with("/read");
    }
  };

  /// One call of the http actor, known by its trace id.
  struct call {
    time_point first_sent;
    int sent = 0;
    int refused_sessions = 0;
    int stale = 0;
    /// The core has found its connection suspicious, and then sent it again.
    bool suspected = false;
    bool sent_again = false;
    bool settled = false;
    /// When it met what is repeated at the cost of the budget, until it is sent again.
    std::optional<time_point> failed;
  };

  /// What is known to a core: empty at the start of each.
  struct knowledge {
    time_point gate = time_point::min();
    std::deque<time_point> last_second;
    /// When calls went out for the first time, and when those failed that went out again since.
    std::deque<time_point> firsts;
    std::deque<time_point> repeats;
    /// When the host answered last.
    time_point answered = time_point::min();
    std::map<std::string, call> calls;
    /// By identity: the session of the newest login, and those that have met a 401.
    std::map<identity, std::string> newest;
    std::set<std::string> refused;
  };

  struct fate {
    std::string name;
    bool acts = true;
    /// Ends with this instead of the pod's answer.
    std::optional<result<http_response>> instead;
    bool stale = false;
    bool silent = false;
    std::chrono::microseconds there{0};
    std::chrono::microseconds back{0};
  };

  /// A request at the pod.
  struct arrived {
    exchange one;
    fate doom;
    /// How long the pod holds it, if it is a read.
    time_point until;
  };

  void send(transport::exchange_id which, const transport::outgoing& request);
  void cancel(transport::exchange_id which);
  bool suspect(transport::exchange_id which);
  void drop_all();
  void inspect(exchange& one);
  void inspect_create(exchange& one, const identity& as);
  void inspect_repeat(time_point failed, time_point now);
  void inspect_login(exchange& one, const identity& as);
  fate choose(const exchange& one);
  fate trouble(const exchange& one);
  bool is_open(const exchange& one) const;
  void arrive(const arrived& here);
  emulator::reply act(const exchange& one, bool may_wait);
  void complete(transport::exchange_id which, result<http_response> answer, bool stale);
  void learn(const exchange& one, const result<http_response>& answer, bool stale);
  std::optional<identity> owner_of(const std::string& token) const;
  std::optional<identity> login_of(const exchange& one) const;
  std::string name_of(const exchange& one) const;

  chance& luck_;
  event_queue& events_;
  trace& trace_;
  const config& settings_;
  std::function<time_point()> clock_;
  std::function<void(std::string)> object_;
  emulator::time_point began_;
  static constexpr std::chrono::seconds longest_poll{30};
  time_point start_;
  emulator::pod pod_;
  std::vector<emulator::route> routes_ = emulator::pod_routes();
  std::size_t trouble_ = 0;
  std::size_t slow_ = 0;
  std::chrono::microseconds slowest_{std::chrono::seconds{10}};
  std::size_t feed_trouble_ = 0;
  std::vector<arrived> held_;
  watcher watch_;
  std::size_t sent_ = 0;
  bool warm_ = false;
  transport::listener* listener_ = nullptr;
  client* current_ = nullptr;
  std::map<transport::exchange_id, exchange> open_;
  std::map<std::string, identity> sessions_;
  knowledge known_;
};

} // namespace tutti::simulation
