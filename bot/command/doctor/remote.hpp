// What `tutti doctor` asks over the network: hosts, clock, logins, session and entitlements.
#pragma once

#include <bot/command/doctor/report.hpp>

#include <actors/auth/login_prover.hpp>
#include <tutti/bot.hpp>
#include <tutti/config.hpp>
#include <wire/agent/datafeed.hpp>
#include <wire/agent/events.hpp>
#include <wire/endpoints.hpp>

#include <caf/scoped_actor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace tutti::command {

/// Asks through a running bot. `shown`: the client certificate that the bot logs in with; null:
/// none.
class remote_checks {
public:
  remote_checks(doctor_report& report, const config& settings, bot& running,
                std::shared_ptr<const crypto::client_certificate> shown)
      : report_(report), settings_(settings), core_(running.handles()), self_(running.system()),
        shown_(std::move(shown)) {}

  /// Each host once. Answers whether the pod was reached.
  bool check_hosts();
  void check_clock();
  /// A separate login, to report what fails at the login apart from what fails after it.
  bool check_login(const login_proof& proof, wire::principal who, const std::string& name);
  std::optional<caller_info> check_session();
  void check_entitlements(const caller_info& caller);
  /// What hearing and saying needs: the agent, the key manager, room for a feed.
  void check_agent();

private:
  void check_datahose();
  void check_host(service which, const char* name, const host_config& host);

  template <class Answer, class Handle, class Question>
  result<Answer> ask(const Handle& whom, Question question);

  doctor_report& report_;
  const config& settings_;
  core core_;
  caf::scoped_actor self_;
  std::shared_ptr<const crypto::client_certificate> shown_;
  bool pod_reached_ = false;
  /// The header `Date` of the pod's answer.
  std::string date_;
};

} // namespace tutti::command
