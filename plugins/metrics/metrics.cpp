// metrics: serves the bot's numbers for Prometheus, and its health for operators, over HTTP.
#include <tutti/json_text.hpp>
#include <tutti/local_server.hpp>
#include <tutti/plugin.hpp>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>

namespace tutti::metrics_plugin {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

double seconds(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// Families of metrics as they are collected.
class page {
public:
  void counter(const char* name, const char* help, std::uint64_t value, labels of = {}) {
    auto& made = add(name, help, MetricType::Counter, std::move(of));
    made.counter.value = static_cast<double>(value);
  }

  void gauge(const char* name, const char* help, double value, labels of = {}) {
    add(name, help, MetricType::Gauge, std::move(of)).gauge.value = value;
  }

  void latency(const char* name, const char* help, const endpoint_metrics& one) {
    auto& made = add(name, help, MetricType::Histogram, {{"endpoint", one.path}}).histogram;
    for (std::size_t i = 0; i < one.latency.size(); ++i) {
      made.sample_count += one.latency[i];
      made.bucket.push_back({made.sample_count, i < latency_bounds.size()
                                                    ? seconds(latency_bounds[i])
                                                    : std::numeric_limits<double>::infinity()});
    }
    made.sample_sum = seconds(one.latency_sum);
  }

  std::string text() const { return prometheus::TextSerializer{}.Serialize(families_); }

private:
  ClientMetric& add(const char* name, const char* help, MetricType type, labels of) {
    auto found = std::find_if(families_.begin(), families_.end(),
                              [&](const MetricFamily& each) { return each.name == name; });
    if (found == families_.end()) {
      families_.push_back({name, help, type, {}});
      found = families_.end() - 1;
    }
    found->metric.emplace_back();
    found->metric.back().label = std::move(of);
    return found->metric.back();
  }

  std::vector<MetricFamily> families_;
};

void add_exchanges(page& to, const metrics& seen) {
  for (const auto& each : seen.endpoints) {
    for (std::size_t i = 0; i < exchange_ends; ++i)
      if (each.ended[i] > 0)
        to.counter("tutti_exchanges_total", "Requests on the wire by endpoint and outcome.",
                   each.ended[i],
                   {{"endpoint", each.path},
                    {"outcome", std::string{to_string(static_cast<exchange_end>(i))}}});
    to.latency("tutti_exchange_seconds", "From sending a request to its answer.", each);
  }
  for (const auto& each : seen.hosts) {
    to.gauge("tutti_requests_in_flight", "Requests on the wire now.",
             static_cast<double>(each.in_flight), {{"host", each.host}});
    to.gauge("tutti_requests_waiting", "Requests that wait for their turn, a login or a retry.",
             static_cast<double>(each.waiting), {{"host", each.host}});
    to.gauge("tutti_host_slowed_down", "1 while the host wants to be left alone (HTTP 429).",
             each.slowed_down ? 1 : 0, {{"host", each.host}});
    to.counter("tutti_host_slow_downs_total", "Times the host began to want it.", each.slow_downs,
               {{"host", each.host}});
  }
  to.counter("tutti_retries_denied_total",
             "Attempts that the retry budget (a tenth of the requests) did not allow.",
             seen.retries_denied);
  to.counter("tutti_retries_total", "Attempts after the first.", seen.retries);
}

void add_conversations(page& to, const metrics& seen) {
  constexpr auto opened = "tutti_im_opened_total";
  constexpr auto opened_help = "Requests for an IM that were answered, by where from.";
  to.counter(opened, opened_help, seen.opened_at_pod, {{"origin", "pod"}});
  to.counter(opened, opened_help, seen.opened_from_directory, {{"origin", "directory"}});
  to.counter(opened, opened_help, seen.opened_by_joining, {{"origin", "joined"}});
  for (const auto& [reason, count] : seen.not_opened)
    to.counter("tutti_im_not_opened_total", "Requests for an IM that failed, by reason.", count,
               {{"reason", std::string{to_string(reason)}}});
  to.counter("tutti_im_flights_total", "Flights begun: what many askers share.", seen.flights);
  to.gauge("tutti_im_flights", "Flights under way.", static_cast<double>(seen.flights_under_way));
  to.gauge("tutti_im_waiting", "Requests for an IM that wait for their answer.",
           static_cast<double>(seen.waiting));
  to.gauge("tutti_directory_size", "Known IMs.", static_cast<double>(seen.directory_size));
  to.gauge("tutti_directory_mean_age_seconds", "How old known IMs are on average.",
           seconds(seen.directory_mean_age));
  constexpr auto reads = "tutti_directory_reads_total";
  constexpr auto reads_help = "Reads of the directory without a message.";
  to.counter(reads, reads_help, seen.directory_reads_hit, {{"hit", "true"}});
  to.counter(reads, reads_help, seen.directory_reads - seen.directory_reads_hit,
             {{"hit", "false"}});
}

void add_hearing(page& to, const metrics& seen, const health& now) {
  if (now.feed) {
    const auto& heard = seen.hearing;
    constexpr auto events = "tutti_events_total";
    constexpr auto events_help = "Events by what came of them.";
    to.counter("tutti_events_read_total", "Events read from the feed.", heard.read);
    to.counter(events, events_help, heard.handled, {{"outcome", "handled"}});
    to.counter(events, events_help, heard.given_up, {{"outcome", "given_up"}});
    to.counter(events, events_help, heard.duplicates, {{"outcome", "duplicate"}});
    constexpr auto marks = "tutti_events_marked_total";
    constexpr auto marks_help = "Events handed out with that mark.";
    to.counter(marks, marks_help, heard.late, {{"mark", "late"}});
    to.counter(marks, marks_help, heard.repeated, {{"mark", "repeated"}});
    to.counter(marks, marks_help, heard.caught_up, {{"mark", "caught_up"}});
    to.counter("tutti_handlers_failed_total", "Calls of handlers that failed.", heard.failed);
    to.counter("tutti_feeds_lost_total", "Feeds that the agent did not know any more.",
               heard.feeds_lost);
    to.gauge("tutti_events_backlog", "Events that were read and have not ended.",
             static_cast<double>(heard.backlog));
    to.gauge("tutti_handlers_running", "Events that are with handlers.",
             static_cast<double>(heard.running));
    const auto time = std::chrono::system_clock::now();
    auto age = [&](const char* name, const char* help, const auto& since) {
      if (since)
        to.gauge(name, help, std::chrono::duration<double>(time - *since).count());
    };
    age("tutti_feed_read_age_seconds", "Since the agent answered a read.", now.feed->last_read);
    age("tutti_events_oldest_age_seconds", "Since the oldest event that has not ended was read.",
        now.feed->oldest);
  }
  constexpr auto messages = "tutti_messages_total";
  constexpr auto messages_help = "Messages by what came of them.";
  to.counter(messages, messages_help, seen.sending.sent, {{"outcome", "sent"}});
  to.counter(messages, messages_help, seen.sending.failed, {{"outcome", "failed"}});
  to.counter("tutti_sends_repeated_total", "Sends after the first of a message.",
             seen.sending.repeated);
  to.counter("tutti_sends_found_total", "Messages found in the history instead of sent again.",
             seen.sending.found);
}

void add_life(page& to, const metrics& seen, const health& now) {
  to.counter("tutti_logins_total", "Logins by outcome.", seen.logins, {{"outcome", "ok"}});
  to.counter("tutti_logins_total", "Logins by outcome.", seen.logins_failed,
             {{"outcome", "failed"}});
  to.counter("tutti_session_renewals_total", "Sessions that had expired.", seen.renewals);
  to.counter("tutti_core_restarts_total", "Restarts of the core after a crash.",
             seen.core_restarts);
  for (const auto& [name, count] : seen.actor_restarts)
    to.counter("tutti_actor_restarts_total", "Supervised actors that failed.", count,
               {{"actor", name}});
  to.counter("tutti_log_lines_dropped_total", "Log lines whose reader did not keep up.",
             seen.log_lines_dropped);
  for (auto state : {health_state::starting, health_state::ready, health_state::degraded,
                     health_state::stopping})
    to.gauge("tutti_health", "1 for the state the bot is in.", now.state == state ? 1 : 0,
             {{"state", std::string{to_string(state)}}});
  for (const auto& each : now.troubles)
    to.gauge("tutti_trouble_since_seconds", "What is wrong, and since when (Unix time).",
             std::chrono::duration<double>(each.since.time_since_epoch()).count(),
             {{"what", each.what}});
  to.gauge("tutti_build_info", "Always 1.", 1, {{"version", TUTTI_VERSION}});
}

class metrics_plugin final : public plugin {
public:
  const char* name() const noexcept override { return "metrics"; }

  void settings(setting_list& all) override {
    all.add("address", options_.address, "where to listen; 0.0.0.0 for other hosts to ask, too");
    all.add("port", options_.port, "TCP port of /metrics, /health and /ready");
    all.add("maxConnections", options_.max_connections, "connections at once");
    all.add("hosts", options_.hosts,
            "names callers may use (header Host) besides localhost and its address");
  }

  result<void> check() override {
    auto wrong = flaw_of(options_);
    return wrong.empty() ? result<void>{} : failure{errc::misconfigured, wrong, 0, {}};
  }

  result<void> start(plugin_context& context) override {
    auto opened = local_server::open(
        options_,
        [&bot = context.bot()](const local_request& asked, const local_server::respond& respond) {
          respond(answer(bot, asked));
        },
        context.log());
    if (!opened)
      return opened.error();
    server_ = std::move(*opened);
    context.log().info("ready",
                       {{"address", options_.address}, {"port", std::to_string(server_->port())}});
    return {};
  }

  void stop() override { server_.reset(); }

private:
  static local_answer answer(const bot& of, const local_request& asked) {
    if (asked.method != "GET" && asked.method != "HEAD")
      return {405,
              R"({"error":"method_not_allowed","detail":"use GET"})",
              "application/json",
              {{"Allow", "GET, HEAD"}}};
    auto now = of.health();
    if (asked.path == "/metrics") {
      page made;
      auto seen = of.metrics();
      add_exchanges(made, seen);
      add_conversations(made, seen);
      add_hearing(made, seen, now);
      add_life(made, seen, now);
      return {200, made.text(), "text/plain; version=0.0.4; charset=utf-8", {}};
    }
    if (asked.path == "/health")
      return {core_is_lost(now) ? 500 : 200, json_text(now), "application/json", {}};
    if (asked.path == "/ready")
      return {now.state == health_state::ready ? 200 : 503, json_text(now), "application/json", {}};
    return {404,
            R"({"error":"not_found","detail":"there are /metrics, /health and /ready"})",
            "application/json",
            {}};
  }

  /// Only a new start helps.
  static bool core_is_lost(const health& now) {
    return std::any_of(now.troubles.begin(), now.troubles.end(),
                       [](const trouble& each) { return each.what == "core"; });
  }

  local_server_options options_{.port = 9464};
  std::unique_ptr<local_server> server_;
};

} // namespace

} // namespace tutti::metrics_plugin

TUTTI_PLUGIN(tutti::metrics_plugin::metrics_plugin)
