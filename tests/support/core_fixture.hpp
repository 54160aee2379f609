// The core above a scripted http actor, under virtual time.
#pragma once

#include <tests/support/scripted_http.hpp>
#include <tests/support/users.hpp>

#include <actors/spawn.hpp>

namespace tutti::testing {

inline const user_id own_id = *user_id::make(7);

/// An auth actor that knows who everybody is; counts the questions.
inline auth_actor spawn_known_caller(caf::actor_system& system, std::shared_ptr<int> asked) {
  return system.spawn([asked]() -> auth_actor::behavior_type {
    return {[asked](const whoami& who) {
              ++*asked;
              return caller_info{who.as.is_bot() ? own_id : who.as.user(), "bot", "Bot"};
            },
            [](const identify_user& who) {
              return caller_info{own_id, who.username, {}};
            }};
  });
}

/// The real core but for http and auth.
class core_fixture : public ::testing::Test {
public:
  static constexpr auto create_path = "/pod/v1/im/create";
  static constexpr auto connections_path = "/pod/v1/connection/list";
  static constexpr auto users_path = "/pod/v3/users";

  /// Changes to the settings and replacements come before this.
  void start() {
    core_factories own = replacements;
    own.http = [this](const core_context&) { return http.handle(); };
    if (!own.auth)
      own.auth = [this](const core_context& context) {
        return spawn_known_caller(context.system, whoami_count);
      };
    known = std::make_shared<directory>(settings.im.directory);
    spawn_core(handles,
               {sys.system, nullptr, nullptr, known, life, 1, listener, journal,
                [this] { return wall(); }},
               settings, own, {});
    sys.run();
  }

  ~core_fixture() override {
    each_core_member_top_down([&](const char* name, auto member) {
      if (name != std::string{"http"} && handles.*member)
        sys.kill(handles.*member);
    });
  }

  /// Every user asked about is connected and internal: the way to create is free.
  core_factories everybody_allowed() const {
    core_factories own;
    own.entitlement = [](const core_context& context) {
      return context.system.spawn([]() -> entitlement_actor::behavior_type {
        return {[](const check_entitlement&) { return entitlement_checked{verdict::allowed, {}}; }};
      });
    };
    return own;
  }

  asked<im_created> open(std::vector<user_id> users, create_im more = {}) {
    more.participants = std::move(users);
    auto pending = sys.ask<im_created>(handles.im, std::move(more));
    sys.run();
    return pending;
  }

  void created(const std::string& id) {
    http.answer(create_path, 200, R"({"id":")" + id + R"("})");
  }

  /// The time of day.
  std::chrono::system_clock::time_point wall() {
    return morning + std::chrono::duration_cast<std::chrono::system_clock::duration>(
                         sys.scheduler().clock().now() - began);
  }
  const std::chrono::system_clock::time_point morning{std::chrono::seconds{1'800'000'000}};

  virtual_system sys;
  const std::chrono::steady_clock::time_point began = sys.scheduler().clock().now();
  scripted_http http{sys};
  config settings;
  core_factories replacements;
  /// Null: the bot hears nothing.
  std::shared_ptr<event_listener> listener;
  std::shared_ptr<event_store> journal = make_memory_store();
  std::shared_ptr<int> whoami_count = std::make_shared<int>(0);
  std::shared_ptr<directory> known;
  std::shared_ptr<telemetry> life = std::make_shared<telemetry>();
  core handles;
};

} // namespace tutti::testing
