// The http actor over a scripted client, in virtual time.
#pragma once

#include <tests/support/scripted_client.hpp>
#include <tutti/testing/virtual_system.hpp>

#include <actors/http/http.hpp>

#include <gtest/gtest.h>

namespace tutti::testing {

/// The derived class fills in the settings and calls `start`.
class http_fixture : public ::testing::Test {
public:
  void start() {
    actor = spawn_http(sys.system, nullptr, settings, std::make_unique<scripted_client>(script), {},
                       life);
    sys.run();
  }

  ~http_fixture() override { sys.kill(actor); }

  asked<http_response> call(std::string target, http_call more) {
    more.request.target = std::move(target);
    auto pending = sys.ask<http_response>(actor, std::move(more));
    sys.run();
    return pending;
  }

  static http_call open_call() {
    http_call call;
    call.authorized = false;
    return call;
  }

  void settle(std::size_t which, transport::outcome how) {
    script->finish(which, std::move(how));
    sys.run();
  }

  void finish(std::size_t which, http_response response) {
    settle(which, {std::move(response), false});
  }

  virtual_system sys;
  std::shared_ptr<client_script> script = std::make_shared<client_script>();
  std::shared_ptr<telemetry> life = std::make_shared<telemetry>();
  config settings;
  http_actor actor;
};

class http_test : public http_fixture {
public:
  explicit http_test(retry_config retry = {.max_attempts = 1}) {
    settings.retry = retry;
    settings.http.max_in_flight = 2;
    settings.http.max_queued = 3;
    settings.hosts.fill({"http", "pod", 80, ""});
    settings.host_of(service::agent).host = "agent";
    settings.host_of(service::session_auth).host = "";
    start();
  }

  asked<http_response> call(std::string target, http_call more = {}) {
    return http_fixture::call(std::move(target), std::move(more));
  }

  void finish(std::size_t which, int status, std::string body = "") {
    http_response response;
    response.status = status;
    response.body = std::move(body);
    http_fixture::finish(which, std::move(response));
  }

  void fail(std::size_t which, errc error, bool stale = false) {
    settle(which, {failure{error, "scripted", 0, {}}, stale});
  }

  asked<session_wanted> await_demand() {
    auto pending = sys.ask<session_wanted>(actor, await_session_demand{});
    sys.run();
    return pending;
  }

  void lease(const std::string& token, identity as = {}) {
    caf::anon_send(actor, lease_session{as, session{token}});
    sys.run();
  }
};

} // namespace tutti::testing
