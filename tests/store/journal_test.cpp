// One contract for every journal: in memory and in a file.
#include <tests/support/temporary_folder.hpp>

#include <tutti/store.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <future>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::chrono::system_clock::time_point morning{std::chrono::seconds{1'800'000'000}};

enum class kept_in { memory, file };

class journal_test : public ::testing::TestWithParam<kept_in> {
public:
  std::shared_ptr<event_store> make() const {
    return GetParam() == kept_in::memory ? make_memory_store({"desk/bot"})
                                         : make_sqlite_store(path(), {"desk/bot"});
  }
  std::string path() const { return folder / "journal.db"; }

  template <class T, class Ask>
  static result<T> answer_of(Ask ask) {
    std::promise<result<T>> got;
    ask([&got](result<T> answer) { got.set_value(std::move(answer)); });
    return got.get_future().get();
  }

  journal_contents open(const std::string& holder = "one") {
    auto got = answer_of<journal_contents>([&](auto done) { journal->open(holder, done); });
    EXPECT_TRUE(got) << to_string(got.error());
    lease = got->lease;
    return *got;
  }
  result<append_outcome> append(std::vector<new_event> events, feed_position at = {"f", "a1"}) {
    return answer_of<append_outcome>(
        [&](auto done) { journal->append(lease, at, std::move(events), done); });
  }
  std::vector<stored_event> fetch(std::uint64_t after = 0, std::size_t limit = 100) {
    return *answer_of<std::vector<stored_event>>(
        [&](auto done) { journal->fetch(after, limit, done); });
  }
  std::vector<std::string> open_keys() {
    std::vector<std::string> keys;
    for (const auto& each : fetch())
      keys.push_back(each.what.key);
    return keys;
  }
  result<void> end(std::vector<event_end> ended,
                   std::chrono::system_clock::time_point at = morning) {
    return answer_of<void>([&](auto done) { journal->end(lease, std::move(ended), at, done); });
  }
  std::size_t prune(std::chrono::system_clock::time_point now) {
    return *answer_of<std::size_t>([&](auto done) { journal->prune(now, done); });
  }

  using rows = std::vector<std::pair<std::string, std::string>>;
  rows state(const std::string& scope) {
    return *answer_of<rows>([&](auto done) { journal->state_of(scope, done); });
  }
  void set_timers(std::vector<stored_timer> timers) {
    event_end of_none;
    of_none.goes_on = true;
    of_none.timers = std::move(timers);
    ASSERT_TRUE(end({of_none}));
  }
  timers_fired fire(std::chrono::system_clock::time_point by, std::size_t limit = 100) {
    return *answer_of<timers_fired>(
        [&](auto done) { journal->fire_timers(lease, by, limit, done); });
  }

  static new_event heard(const std::string& key, const std::string& stream = "s") {
    return {event_kind::message_sent, key, stream, morning, false, "{\"key\":\"" + key + "\"}"};
  }

  tutti::testing::temporary_folder folder;
  std::shared_ptr<event_store> journal = make();
  store_lease lease;
};

TEST_P(journal_test, what_is_appended_is_fetched_in_order) {
  EXPECT_EQ(open().open, 0U);
  auto got = append({heard("a"), heard("b"), heard("c")});
  ASSERT_EQ(got->fresh.size(), 3U);
  EXPECT_LT(got->fresh[0].number, got->fresh[1].number);
  auto all = fetch();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].what.body, "{\"key\":\"b\"}");
  EXPECT_EQ(all[1].what.stream, "s");
  EXPECT_EQ(all[1].what.at, morning);
  EXPECT_EQ(all[1].what.kind, event_kind::message_sent);
  EXPECT_EQ(fetch(all[1].number).size(), 1U);
  EXPECT_EQ(fetch(0, 2).size(), 2U);
}

TEST_P(journal_test, an_event_it_has_already_is_dropped) {
  open();
  append({heard("a")});
  auto got = append({heard("a"), heard("b"), heard("b")});
  EXPECT_EQ(got->duplicates, 2U);
  ASSERT_EQ(got->fresh.size(), 1U);
  EXPECT_THAT(open_keys(), ElementsAre("a", "b"));
}

TEST_P(journal_test, an_event_without_a_key_is_always_new) {
  open();
  append({heard("")});
  EXPECT_EQ(append({heard("")})->fresh.size(), 1U);
}

TEST_P(journal_test, an_event_that_has_ended_is_known_for_a_while) {
  open();
  auto number = append({heard("a")})->fresh[0].number;
  ASSERT_TRUE(end({{number}}));
  EXPECT_THAT(open_keys(), IsEmpty());
  EXPECT_EQ(prune(morning + 14min), 0U);
  EXPECT_EQ(append({heard("a")})->duplicates, 1U);
  EXPECT_EQ(prune(morning + 15min), 1U);
  EXPECT_EQ(append({heard("a")})->fresh.size(), 1U);
}

TEST_P(journal_test, numbers_are_never_given_again) {
  open();
  auto first = append({heard("a")})->fresh[0].number;
  end({{first}});
  prune(morning + 1h);
  EXPECT_GT(append({heard("b")})->fresh[0].number, first);
}

TEST_P(journal_test, an_open_event_is_not_pruned) {
  open();
  append({heard("a")});
  prune(morning + 24h);
  EXPECT_THAT(open_keys(), ElementsAre("a"));
}

TEST_P(journal_test, the_position_is_that_of_the_newest_append) {
  EXPECT_FALSE(open().feed);
  append({heard("a")}, {"feed", "a7"});
  append({}, {"feed", "a8"});
  EXPECT_EQ(open("two").feed, (feed_position{"feed", "a8"}));
}

TEST_P(journal_test, the_newest_of_each_stream_that_has_ended_is_known_to_the_next) {
  open();
  auto early = heard("a");
  auto later = heard("b");
  later.at += 5ms;
  auto got = append({later, early, heard("c", "other")});
  end({{got->fresh[0].number}, {got->fresh[1].number}});
  auto found = open("two").newest;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, "s");
  EXPECT_EQ(found[0].second, morning + 5ms);
}

TEST_P(journal_test, the_newest_are_those_of_the_streams_heard_of_last) {
  open();
  const auto most = journal_rules{}.newest;
  std::vector<new_event> all;
  for (std::size_t i = 0; i < most + 10; ++i) {
    all.push_back(heard("k" + std::to_string(i), "s" + std::to_string(i)));
    all.back().at += std::chrono::milliseconds{i};
  }
  auto got = append(std::move(all));
  std::vector<event_end> ends;
  for (const auto& each : got->fresh)
    ends.push_back({each.number});
  end(std::move(ends));
  auto found = open("two").newest;
  EXPECT_EQ(found.size(), most);
  EXPECT_TRUE(std::none_of(found.begin(), found.end(),
                           [](const auto& each) { return each.first == "s9"; }));
}

TEST_P(journal_test, an_old_holder_writes_nothing) {
  open("one");
  auto number = append({heard("a")})->fresh[0].number;
  auto old = lease;
  open("two");
  std::swap(lease, old);
  EXPECT_EQ(append({heard("b")}).error().error, errc::rejected);
  EXPECT_EQ(end({{number}}).error().error, errc::rejected);
  std::swap(lease, old);
  EXPECT_THAT(open_keys(), ElementsAre("a"));
  EXPECT_TRUE(append({heard("b")}));
}

TEST_P(journal_test, what_comes_of_an_event_is_kept_with_its_end) {
  open();
  auto number = append({heard("a")})->fresh[0].number;
  event_end ended{number};
  ended.state = {{"s", "step", "2"}, {"s", "who", "ada"}};
  ended.timers = {{"t1", "s", morning + 1h, "late"}, {"t2", "s", morning + 1min, "soon"}};
  ASSERT_TRUE(end({ended}));
  EXPECT_EQ(state("s"), (rows{{"step", "2"}, {"who", "ada"}}));
  EXPECT_EQ(fire(morning).next, morning + 1min);

  // Once ended, an event has no second end.
  ended.state = {{"s", "step", "3"}};
  ASSERT_TRUE(end({ended}));
  EXPECT_EQ(state("s"), (rows{{"step", "2"}, {"who", "ada"}}));

  auto next = append({heard("b")})->fresh[0].number;
  event_end more{next};
  more.state = {{"s", "who", std::nullopt}};
  more.timers_removed = {"t2"};
  ASSERT_TRUE(end({more}));
  EXPECT_EQ(state("s"), (rows{{"step", "2"}}));
  EXPECT_EQ(fire(morning).next, morning + 1h);
}

TEST_P(journal_test, timers_become_events_once) {
  open();
  set_timers({{"t1", "s", morning + 1h, "late"},
              {"t2", "s", morning + 1min, "soon"},
              {"t3", "other", morning + 2h, "later"}});
  auto fired = fire(morning + 1h);
  ASSERT_EQ(fired.events.size(), 2U);
  EXPECT_EQ(fired.next, morning + 2h);
  EXPECT_EQ(fired.events[0].what.body, "soon");
  EXPECT_EQ(fired.events[0].what.kind, event_kind::timer_due);
  EXPECT_EQ(fired.events[0].what.at, morning + 1min);
  EXPECT_EQ(timer_id_in(fired.events[0].what.key), "t2");
  EXPECT_EQ(fired.events[1].what.stream, "s");
  EXPECT_THAT(fire(morning + 1h).events, IsEmpty());
  EXPECT_EQ(fetch().size(), 2U);
  auto next = append({heard("a")})->fresh[0].number;
  EXPECT_GT(next, fired.events[1].number);
}

TEST_P(journal_test, no_more_timers_fire_than_are_asked_for) {
  open();
  set_timers({{"a", "s", morning, ""}, {"b", "s", morning, ""}});
  auto fired = fire(morning, 1);
  EXPECT_EQ(fired.events.size(), 1U);
  EXPECT_EQ(fired.next, morning);
}

TEST_P(journal_test, a_timer_takes_the_place_of_one_with_its_id) {
  open();
  set_timers({{"t", "s", morning, "first"}});
  set_timers({{"t", "s", morning + 1h, "second"}});
  EXPECT_THAT(fire(morning).events, IsEmpty());
  set_timers({{"t", "s", morning, "third", true}});
  auto fired = fire(morning + 1h);
  ASSERT_EQ(fired.events.size(), 1U);
  EXPECT_EQ(fired.events[0].what.body, "second");
}

TEST_P(journal_test, a_timer_that_is_removed_after_it_fired_is_over) {
  open();
  set_timers({{"t", "s", morning, ""}, {"t2", "s", morning, ""}});
  auto number = append({heard("a")})->fresh[0].number;
  auto fired = fire(morning).events;
  event_end ended{number};
  ended.timers_removed = {"t"};
  ASSERT_TRUE(end({ended}));
  EXPECT_THAT(open_keys(), ElementsAre(fired[1].what.key));
  // Its own end may say so, too.
  event_end own{fired[1].number};
  own.timers_removed = {"t2"};
  own.goes_on = true;
  ASSERT_TRUE(end({own}));
  EXPECT_THAT(open_keys(), ElementsAre(fired[1].what.key));
}

TEST_P(journal_test, what_has_come_of_an_event_so_far_is_kept_while_it_goes_on) {
  open();
  auto number = append({heard("a")})->fresh[0].number;
  event_end so_far{number};
  so_far.goes_on = true;
  so_far.state = {{"s", "step", "1"}};
  ASSERT_TRUE(end({so_far}));
  EXPECT_THAT(open_keys(), ElementsAre("a"));
  EXPECT_EQ(state("s"), (rows{{"step", "1"}}));
  ASSERT_TRUE(end({event_end{number}}));
  so_far.state = {{"s", "step", "2"}};
  ASSERT_TRUE(end({so_far}));
  EXPECT_EQ(state("s"), (rows{{"step", "1"}}));
}

TEST_P(journal_test, timers_say_nothing_of_what_is_late) {
  open();
  set_timers({{"t", "s", morning + 1h, ""}});
  ASSERT_TRUE(end({event_end{fire(morning + 1h).events[0].number}}));
  EXPECT_THAT(open("two").newest, IsEmpty());
}

TEST_P(journal_test, an_old_holder_fires_no_timers) {
  open();
  set_timers({{"t", "s", morning, ""}});
  auto old = lease;
  open("two");
  lease = old;
  EXPECT_FALSE(
      answer_of<timers_fired>([&](auto done) { journal->fire_timers(lease, morning, 10, done); }));
}

TEST_P(journal_test, what_was_given_up_is_a_dead_letter) {
  open();
  auto number = append({heard("a")})->fresh[0].number;
  ASSERT_TRUE(end({{number, "it threw"}}));
  EXPECT_THAT(open_keys(), IsEmpty());
  auto dead =
      *answer_of<std::vector<dead_letter>>([&](auto done) { journal->dead_letters(10, done); });
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].why, "it threw");
  EXPECT_EQ(dead[0].what.what.key, "a");
}

INSTANTIATE_TEST_SUITE_P(kept, journal_test, ::testing::Values(kept_in::memory, kept_in::file),
                         [](const auto& which) {
                           return which.param == kept_in::memory ? "in_memory" : "in_a_file";
                         });

// -- the file ---------------------------------------------------------------------

class journal_file_test : public journal_test {};
INSTANTIATE_TEST_SUITE_P(kept, journal_file_test, ::testing::Values(kept_in::file));

TEST_P(journal_file_test, survives_its_process) {
  open();
  append({heard("a"), heard("b")}, {"feed", "a2"});
  end({{fetch()[0].number}});
  journal.reset();
  journal = make();
  auto found = open("next");
  EXPECT_EQ(found.open, 1U);
  EXPECT_EQ(found.feed, (feed_position{"feed", "a2"}));
  EXPECT_THAT(open_keys(), ElementsAre("b"));
  EXPECT_EQ(append({heard("a")})->duplicates, 1U);
}

TEST_P(journal_file_test, is_for_one_process_at_a_time) {
  open();
  auto second = make();
  auto got = answer_of<journal_contents>([&](auto done) { second->open("two", done); });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().error, errc::unreachable) << "that one may end";
  EXPECT_THAT(got.error().detail, HasSubstr("in use by another process"));
}

TEST_P(journal_file_test, acknowledges_nothing_once_it_is_deleted) {
  open();
  ASSERT_TRUE(append({heard("a")}));
  std::filesystem::remove(path());
  auto got = append({heard("b")});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().error, errc::unreachable);
  EXPECT_THAT(got.error().detail, HasSubstr("deleted or replaced"));
}

TEST_P(journal_file_test, is_for_one_bot) {
  open();
  journal.reset();
  journal = make_sqlite_store(path(), {"desk/other"});
  auto got = answer_of<journal_contents>([&](auto done) { journal->open("two", done); });
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().detail, HasSubstr("is the journal of desk/bot, not of desk/other"));
}

TEST_P(journal_file_test, refuses_what_is_no_journal) {
  std::ofstream{path()} << std::string(4'096, 'x');
  auto got = answer_of<journal_contents>([&](auto done) { journal->open("one", done); });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().error, errc::misconfigured);
  EXPECT_THAT(got.error().detail, HasSubstr("no journal"));
}

TEST_P(journal_file_test, a_folder_that_is_not_there_is_named) {
  journal = make_sqlite_store("/nowhere/at/all.db", {"desk/bot"});
  auto got = answer_of<journal_contents>([&](auto done) { journal->open("one", done); });
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().detail, HasSubstr("/nowhere/at/all.db"));
}

} // namespace
