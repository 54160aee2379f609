// An http actor that gives the answers of a test, when the test asks for them.
#pragma once

#include <tutti/testing/virtual_system.hpp>

#include <tutti/protocol/http.hpp>

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace tutti::testing {

/// One call that arrived.
struct scripted_call {
  http_call call;
  caf::typed_response_promise<http_response> promise;
  bool answered = false;
};

/// What tests look at.
struct http_script {
  std::vector<scripted_call> calls;
  std::vector<call_ticket> cancelled;
  std::vector<lease_session> leases;
  std::vector<refuse_session> refusals;
  caf::typed_response_promise<session_wanted> holder;
};

/// Tell: answer call number `which`.
struct scripted_answer {
  std::size_t which = 0;
  result<http_response> answer;
};

/// Tell: ask the auth actor for a session.
struct scripted_demand {
  session_wanted wanted;
};

} // namespace tutti::testing

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::testing::scripted_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::testing::scripted_demand)

namespace tutti::testing {

using scripted_handle =
    http_actor::extend<caf::reacts_to<scripted_answer>, caf::reacts_to<scripted_demand>>;

class scripted_http_actor final : public scripted_handle::base {
public:
  scripted_http_actor(caf::actor_config& cfg, std::shared_ptr<http_script> script)
      : scripted_handle::base(cfg), script_(std::move(script)) {}

  behavior_type make_behavior() override {
    return {
        [this](http_call& call) {
          auto promise = make_response_promise<caf::typed_response_promise<http_response>>();
          script_->calls.push_back({std::move(call), promise});
          return promise;
        },
        [this](cancel_call what) { script_->cancelled.push_back(what.ticket); },
        [this](await_session_demand) {
          return script_->holder =
                     make_response_promise<caf::typed_response_promise<session_wanted>>();
        },
        [this](lease_session& given) { script_->leases.push_back(std::move(given)); },
        [this](refuse_session& refused) { script_->refusals.push_back(std::move(refused)); },
        [this](scripted_answer& told) {
          auto& promise = script_->calls.at(told.which).promise;
          if (told.answer)
            promise.deliver(std::move(*told.answer));
          else
            promise.deliver(to_error(told.answer.error()));
        },
        [this](scripted_demand& told) { script_->holder.deliver(std::move(told.wanted)); },
    };
  }

private:
  std::shared_ptr<http_script> script_;
};

/// The test's end of it.
class scripted_http {
public:
  explicit scripted_http(virtual_system& sys)
      : sys_(sys), handle_(sys.system.spawn<scripted_http_actor>(script_)) {}

  ~scripted_http() {
    sys_.kill(handle_);
    *script_ = {}; // A promise holds its actor, and the actor this script.
  }

  http_actor handle() const { return handle_; }
  const http_script& seen() const { return *script_; }

  /// How many calls to that path have arrived, answered or not.
  int count(std::string_view path) const {
    int sum = 0;
    for (const auto& each : script_->calls)
      sum += is(each, path) ? 1 : 0;
    return sum;
  }

  /// The first call to `path` that has no answer yet.
  const http_call& waiting(std::string_view path) const {
    return script_->calls.at(find(path)).call;
  }

  /// Answers it.
  void answer(std::string_view path, int status, std::string body) {
    http_response response;
    response.status = status;
    response.body = std::move(body);
    settle(path, std::move(response));
  }

  void fail(std::string_view path, errc error) { fail(path, failure{error, "scripted", 0, {}}); }
  void fail(std::string_view path, failure why) { settle(path, std::move(why)); }

  void demand(session_wanted wanted) {
    caf::anon_send(handle_, scripted_demand{std::move(wanted)});
    sys_.run();
  }

private:
  static bool is(const scripted_call& one, std::string_view path) {
    auto target = std::string_view{one.call.request.target};
    return target.substr(0, target.find('?')) == path;
  }

  std::size_t find(std::string_view path) const {
    for (std::size_t i = 0; i < script_->calls.size(); ++i)
      if (!script_->calls[i].answered && is(script_->calls[i], path))
        return i;
    throw std::runtime_error{"no call to " + std::string{path} + " waits for an answer"};
  }

  void settle(std::string_view path, result<http_response> answer) {
    auto which = find(path);
    script_->calls[which].answered = true;
    caf::anon_send(handle_, scripted_answer{which, std::move(answer)});
    sys_.run();
  }

  virtual_system& sys_;
  std::shared_ptr<http_script> script_ = std::make_shared<http_script>();
  scripted_handle handle_;
};

} // namespace tutti::testing
