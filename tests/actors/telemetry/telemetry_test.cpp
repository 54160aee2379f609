#include <actors/telemetry/telemetry.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

TEST(endpoint_path, leaves_ids_and_the_query_out) {
  EXPECT_EQ(endpoint_path("/pod/v1/im/create"), "/pod/v1/im/create");
  EXPECT_EQ(endpoint_path("/pod/v3/users?uid=1,2&local=true"), "/pod/v3/users");
  EXPECT_EQ(endpoint_path("/pod/v1/admin/user/8933531975682/features"),
            "/pod/v1/admin/user/{id}/features");
  EXPECT_EQ(endpoint_path("/pod/v2/streams/xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA/info"),
            "/pod/v2/streams/{id}/info");
}

TEST(endpoint_counters, count_by_outcome_and_latency) {
  endpoint_counters all;
  auto row = all.row_of("/a");
  EXPECT_EQ(all.row_of("/a?x"), row);
  all.ended(row, exchange_end::ok, 700us);
  all.ended(row, exchange_end::ok, 500us); // A bound belongs to its own class.
  all.ended(row, exchange_end::server_error, 1h);
  all.ended(row, exchange_end::given_up);
  auto seen = all.read().at(0);
  EXPECT_EQ(seen.path, "/a");
  EXPECT_EQ(seen.ended[static_cast<std::size_t>(exchange_end::ok)], 2U);
  EXPECT_EQ(seen.ended[static_cast<std::size_t>(exchange_end::given_up)], 1U);
  EXPECT_EQ(seen.latency.front(), 1U);
  EXPECT_EQ(seen.latency[1], 1U);
  EXPECT_EQ(seen.latency.back(), 1U);
  EXPECT_EQ(seen.latency_sum, 1h + 1200us);
}

TEST(endpoint_counters, are_bounded_whatever_is_asked_for) {
  endpoint_counters all;
  for (int i = 0; i < 1'000; ++i)
    all.ended(all.row_of("/path" + std::string(static_cast<std::size_t>(i % 20), 'x') + "/a" +
                         std::to_string(i)),
              exchange_end::ok);
  auto seen = all.read();
  EXPECT_EQ(seen.size(), 64U);
  EXPECT_EQ(seen.back().path, "other");
  std::uint64_t sum = 0;
  for (const auto& each : seen)
    sum += each.ended[0];
  EXPECT_EQ(sum, 1'000U);
}

TEST(trouble_board, a_ready_bot_with_trouble_is_degraded_until_the_last_is_over) {
  trouble_board board;
  board.enter(health_state::starting);
  board.raise("host a", "no answer");
  EXPECT_EQ(board.look().state, health_state::starting);
  EXPECT_EQ(board.look().troubles.size(), 1U);
  board.logged_in();
  EXPECT_EQ(board.look().state, health_state::degraded);
  board.raise("plugin x", "threw");
  board.clear("host a");
  EXPECT_EQ(board.look().state, health_state::degraded);
  board.clear("plugin x");
  EXPECT_EQ(board.look().state, health_state::ready);
}

TEST(trouble_board, trouble_keeps_its_beginning_and_tells_the_latest_reason) {
  trouble_board board;
  board.raise("host a", "first");
  auto began = board.look().troubles.at(0).since;
  board.raise("host a", "second");
  EXPECT_EQ(board.look().troubles.at(0).why, "second");
  EXPECT_EQ(board.look().troubles.at(0).since, began);
}

TEST(trouble_board, a_login_ends_its_own_trouble_only) {
  trouble_board board;
  board.enter(health_state::starting);
  board.raise(login_trouble, "refused");
  board.raise("host a", "no answer");
  board.logged_in();
  ASSERT_EQ(board.look().troubles.size(), 1U);
  EXPECT_EQ(board.look().troubles[0].what, "host a");
}

TEST(trouble_board, stopping_is_not_undone_by_a_late_login) {
  trouble_board board;
  board.enter(health_state::starting);
  board.enter(health_state::stopping);
  board.logged_in();
  EXPECT_EQ(board.look().state, health_state::stopping);
}

TEST(trouble_board, tells_its_listener_of_changes_only) {
  trouble_board board;
  int told = 0;
  board.listen([&] { ++told; });
  board.raise("a", "x");
  board.raise("a", "x");
  board.clear("a");
  board.clear("a");
  EXPECT_EQ(told, 2);
}

TEST(metrics, every_outcome_and_state_has_a_name) {
  for (std::size_t i = 0; i < exchange_ends; ++i)
    EXPECT_FALSE(to_string(static_cast<exchange_end>(i)).empty());
  EXPECT_EQ(to_string(health_state::degraded), "degraded");
}

} // namespace
