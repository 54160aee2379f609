#include <emulator/routes/agent/multipart.hpp>
#include <emulator/seed.hpp>
#include <emulator/state/agent/feeds.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti::emulator;
using namespace std::chrono_literals;

constexpr uid owner = 7;

class feeds_test : public ::testing::Test {
public:
  std::string made(const std::string& tag = "t") {
    return std::get<const feed*>(all.create(owner, tag, now))->id;
  }
  void publish(const std::string& text) {
    all.publish({owner}, {"MESSAGESENT", {1}}, std::make_shared<const std::string>(text), now);
  }
  struct got {
    std::vector<std::string> texts;
    std::string ack;
  };
  got read(const std::string& id, const std::string& ack = {}, read_faults faults = {}) {
    auto given = all.read(owner, id, ack, now, faults);
    if (std::holds_alternative<refusal>(given))
      return {{std::to_string(std::get<refusal>(given).status)}, ""};
    got made;
    for (const auto& each : std::get<feed_batch>(given).events)
      made.texts.push_back(*each);
    made.ack = std::get<feed_batch>(given).ack_id;
    return made;
  }
  using texts = std::vector<std::string>;

  pod_options options;
  mint words{1};
  feeds all{options, words};
  time_point now{1'800'000'000s};
};

TEST_F(feeds_test, a_datahose_has_what_its_filter_wants_of_the_whole_pod) {
  auto id = all.hose(owner, 1, {"h", {"ROOMCREATED"}, {"EXTERNAL"}}, now);
  auto happens = [&](const char* type, std::set<std::int64_t> companies, const char* text) {
    all.publish({}, {type, std::move(companies)}, std::make_shared<const std::string>(text), now);
  };
  happens("ROOMCREATED", {1, 2}, "of us and others");
  happens("ROOMCREATED", {1}, "inside");
  happens("ROOMCREATED", {2, 3}, "elsewhere");
  happens("ROOMUPDATED", {1, 2}, "something else");
  EXPECT_EQ(read(id).texts, texts{"of us and others"});
}

TEST_F(feeds_test, readers_of_a_datahose_with_one_tag_and_filter_share_it) {
  const hose_filter wanted{"h", {"ROOMCREATED"}, {}};
  auto id = all.hose(owner, 1, wanted, now);
  EXPECT_EQ(all.hose(owner, 1, wanted, now), id);
  EXPECT_NE(all.hose(owner, 1, {"h", {"ROOMUPDATED"}, {}}, now), id);
  EXPECT_NE(all.hose(owner + 1, 1, wanted, now), id);
}

TEST_F(feeds_test, a_datahose_is_neither_listed_nor_deleted) {
  auto id = all.hose(owner, 1, {"h", {"ROOMCREATED"}, {}}, now);
  EXPECT_TRUE(all.of(owner, {}, now).empty());
  EXPECT_TRUE(std::holds_alternative<refusal>(all.remove(owner, id, now)));
}

TEST_F(feeds_test, what_is_not_acknowledged_comes_back_after_a_while) {
  auto id = made();
  publish("one");
  EXPECT_EQ(read(id).texts, texts{"one"});
  EXPECT_EQ(read(id).texts, texts{});
  now += 30s;
  auto again = read(id);
  EXPECT_EQ(again.texts, texts{"one"});
  now += 60s;
  EXPECT_EQ(read(id, again.ack).texts, texts{});
}

TEST_F(feeds_test, an_ack_releases_its_own_batch_only) {
  auto id = made();
  publish("one");
  read(id);
  publish("two");
  auto second = read(id);
  read(id, second.ack);
  now += 30s;
  EXPECT_EQ(read(id).texts, texts{"one"});
}

TEST_F(feeds_test, a_tag_names_one_feed) {
  auto id = made("a");
  EXPECT_EQ(made("a"), id);
  EXPECT_NE(made("b"), id);
  EXPECT_EQ(all.of(owner, "a", now).size(), 1U);
  EXPECT_EQ(all.of(owner, "", now).size(), 2U);
}

TEST_F(feeds_test, an_account_has_twenty) {
  for (int i = 0; i < 20; ++i)
    made(std::to_string(i));
  auto more = all.create(owner, "x", now);
  EXPECT_EQ(std::get<refusal>(more).status, 403);
}

TEST_F(feeds_test, one_that_is_not_read_dies) {
  auto id = made();
  now += 30min;
  EXPECT_EQ(read(id).texts, texts{"400"});
  EXPECT_TRUE(all.of(owner, "", now).empty());
}

TEST_F(feeds_test, a_foreign_ack_and_a_foreign_reader_are_refused) {
  auto id = made();
  EXPECT_EQ(read(id, "nonsense").texts, texts{"400"});
  EXPECT_EQ(read(id, "a5-" + id).texts, texts{"400"}) << "not given out yet";
  EXPECT_TRUE(std::holds_alternative<refusal>(all.read(8, id, "", now)));
  EXPECT_TRUE(std::holds_alternative<refusal>(all.remove(8, id, now)));
}

TEST_F(feeds_test, faults_of_a_read) {
  auto id = made();
  publish("one");
  publish("two");
  auto first = read(id, {}, {.duplicate = true, .reorder = true});
  EXPECT_EQ(first.texts, (texts{"two", "one"}));
  EXPECT_EQ(read(id, first.ack).texts, (texts{"two", "one"}));
  EXPECT_EQ(read(id, {}, {.vanish = true}).texts, texts{"400"});
}

TEST_F(feeds_test, a_batch_has_a_cap) {
  options.feed_batch = 2;
  auto id = made();
  for (const auto* each : {"1", "2", "3"})
    publish(each);
  EXPECT_EQ(read(id).texts.size(), 2U);
  EXPECT_EQ(read(id).texts.size(), 1U);
}

// -- multipart --------------------------------------------------------------------

TEST(multipart_test, parts_are_read_as_they_are) {
  auto parts = read_multipart(
      "multipart/form-data; boundary=\"x y\"",
      "--x y\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n<a>\r\n--\r\n"
      "\r\n--x y\r\ncontent-disposition: form-data; name=attachment; filename=\"a;b\\\".txt\"\r\n"
      "content-type: text/plain\r\n\r\n\r\n--x y--\r\n");
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "message");
  EXPECT_EQ((*parts)[0].content, "<a>\r\n--\r\n");
  EXPECT_EQ((*parts)[1].filename, "a;b\".txt");
  EXPECT_EQ((*parts)[1].content_type, "text/plain");
  EXPECT_EQ((*parts)[1].content, "");
}

TEST(multipart_test, what_is_none_is_refused) {
  const std::string good =
      "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n";
  ASSERT_TRUE(read_multipart("multipart/form-data; boundary=x", good));
  EXPECT_FALSE(read_multipart("application/json", good));
  EXPECT_FALSE(read_multipart("multipart/form-data", good));
  EXPECT_FALSE(read_multipart("multipart/form-data; boundary=", good));
  for (std::size_t cut = 0; cut + 4 < good.size(); ++cut)
    EXPECT_FALSE(read_multipart("multipart/form-data; boundary=x", good.substr(0, cut))) << cut;
}

} // namespace
