// One function for each statement.
#include <tests/statements/statements.hpp>

#include <tutti/by_name.hpp>

#include <set>

namespace tutti::testing {

namespace {

using namespace std::chrono_literals;

void base_path(harness& test) {
  test.must(test.open({"ada"}).has_value(), "it does not open");
}

bool holds(harness& test, const std::vector<std::string>& names) {
  bool there = false;
  test.pod.serving.with_pod([&](emulator::pod& state) {
    std::set<emulator::uid> members;
    for (const auto& name : names)
      members.insert(test.pod.ids.at(name));
    there = state.conversations.of(members) != nullptr;
  });
  return there;
}

void purpose(harness& test) {
  test.must(test.open({"ada"}).has_value(), "one to one does not open");
  test.settings.im.multi = multi_party::allow;
  test.restart();
  test.must(test.open(test.with({"ada", "ben"}), ", with `im.multiParty: allow`").has_value(),
            "several do not open");
  test.must(holds(test, {"demo-bot", "ada"}) && holds(test, {"demo-bot", "ada", "ben"}),
            "the pod does not hold both");
}

void several(harness& test) {
  test.settings.im.multi = multi_party::allow;
  test.must(test.open(test.with({"ada", "ben"}), ", with `im.multiParty: allow`").has_value(),
            "several do not open");
}

void several_refused(harness& test) {
  auto came = test.open({"ada", "ben"});
  test.must(!came && came.error().error == errc::multi_party_unsupported, "it is not refused");
  test.must(!came && came.error().detail.find("create a room") != std::string::npos,
            "rooms are not named");
}

void nobody(harness& test) {
  auto came = test.open(create_im{});
  test.must(!came && came.error().error == errc::invalid_participants, "it is not refused");
  auto answer = test.post("[]");
  test.must(answer && answer->status == 400, "the pod takes an empty list");
}

void caller_is_a_member(harness& test) {
  test.must(test.open({"ada"}).has_value(), "it does not open");
  test.must(test.members() == "demo-bot, ada" || test.members() == "ada, demo-bot",
            "the members are: " + test.members());
  test.note("the pod's members of it: " + test.members());
}

void caller_listed(harness& test) {
  test.must(test.open({"demo-bot", "ada"}).has_value(), "it does not open");
  auto came = test.open({"demo-bot"});
  test.must(!came && came.error().error == errc::invalid_participants, "an IM with oneself");
}

void repeated(harness& test) {
  test.must(test.open({"ada", "ada"}).has_value(), "it does not open");
  auto answer = test.post("[" + std::to_string(test.pod.ids.at("ada")) + "," +
                          std::to_string(test.pod.ids.at("ada")) + "]");
  test.must(answer && answer->status == 200, "the pod minds repetition");
}

void existing(harness& test) {
  auto first = test.open({"ada"});
  test.restart();
  auto second = test.open({"ada"});
  auto same = first && second && first->stream == second->stream;
  test.must(same, "another id");
  test.answered(same ? "the same id" : "another id");
}

void existing_of_the_other(harness& test) {
  std::string id;
  test.pod.serving.with_pod([&](emulator::pod& state) {
    auto made = state.conversations.create(*state.users.find("ada"), {test.pod.ids.at("demo-bot")},
                                           std::chrono::system_clock::now());
    id = std::get<std::string>(made);
  });
  test.note("ada has opened it before");
  auto came = test.open({"ada"});
  auto same = came && came->stream == *stream_id::make(id);
  test.must(same, "another id");
  test.answered(same ? "the id of ada's" : "another id");
}

void body_not_query(harness& test) {
  test.must(test.open({"ada"}).has_value(), "it does not open");
  auto seen = test.pod.serving.requests().back();
  test.must(seen.target == "/pod/v1/im/create", "the target is " + seen.target);
  auto answer =
      test.post("[]", true, "/pod/v1/im/create?uid=" + std::to_string(test.pod.ids.at("ada")));
  test.must(answer && answer->status == 400, "the pod reads the query");
}

void session_header(harness& test) {
  test.must(test.open({"ada"}).has_value(), "it does not open");
  auto answer = test.post("[" + std::to_string(test.pod.ids.at("ben")) + "]", false);
  test.must(answer && answer->status == 401, "the pod takes a call without a session");
}

void body_is_integers(harness& test) {
  test.must(test.open({"ada"}).has_value(), "it does not open");
  for (const auto* body : {"", "{}", R"(["1"])", "[1.5]"}) {
    auto answer = test.post(body);
    test.must(answer && answer->status == 400, std::string{"the pod takes "} + body);
  }
}

void names(harness& test) {
  test.with_look_ups = true;
  for (const auto* name : {"ada", "xenia@their.bank"}) {
    test.note(std::string{"an IM with `"} + name + "`, by `open_given_im`");
    auto came = test.running().run(open_given_im(test.running(), {name}, 10s)).get();
    test.record();
    test.must(came.has_value(), std::string{name} + " is not found");
    test.answered(came ? "opened" : to_string(came.error()));
  }
}

void answers(harness& test) {
  test.meet(R"("acts": true, "body": "{\"id\": \"xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA\", )"
            R"(\"later\": [1]}")");
  test.must(test.open(test.with({"ada"}), "; the answer has a member more").has_value(),
            "an extra member is not tolerated");
  for (const auto* body : {"{}", R"({\"id\": \"\"})"}) {
    test.meet(std::string{R"("acts": true, "body": ")"} + body + '"');
    auto came = test.open(test.with({"ben"}), "; the answer has no id");
    test.must(!came && came.error().error == errc::protocol_error, "no id is taken for one");
  }
}

void refused_with(harness& test, int status, const std::string& message, errc error, int requests) {
  test.meet("\"status\": " + std::to_string(status) + R"(, "body": "{\"code\": )" +
            std::to_string(status) + R"(, \"message\": \")" + message + R"(\"}")");
  auto came =
      test.open(test.with({"ada"}), "; the pod says HTTP " + std::to_string(status) + " once");
  test.must(!came && came.error().error == error && came.error().status == status &&
                came.error().detail.find(message) != std::string::npos,
            "the pod's words do not arrive");
  test.must(test.creates() == requests, std::to_string(test.creates()) + " requests");
}

void client_error(harness& test) {
  refused_with(test, 400, "Bad participants", errc::rejected, 1);
}

void session_ends(harness& test) {
  test.must(test.open({"ada"}).has_value(), "it does not open");
  test.meet(R"("expireSessions": true)");
  test.must(test.open(test.with({"ben"}), "; every session ends").has_value(),
            "the session is not renewed");
  test.must(test.creates() == 3, std::to_string(test.creates()) + " requests");
}

void forbidden(harness& test) {
  refused_with(test, 403, "The user lacks the required entitlement", errc::not_entitled, 1);
}

void server_error(harness& test) {
  test.meet(R"("status": 500, "body": "{\"code\": 500, \"message\": \"Oops\"}")");
  test.must(test.open(test.with({"ada"}), "; the pod says HTTP 500 once").has_value(),
            "it is not repeated");
  test.must(test.creates() == 2, std::to_string(test.creates()) + " requests");
}

void error_bodies(harness& test) {
  for (const auto* body : {R"({\"code\": 400})", R"({\"message\": \"No\"})", "{}", "", "no JSON"}) {
    test.meet(std::string{R"("status": 400, "body": ")"} + body + '"');
    auto came = test.open({"ada"});
    test.must(!came && came.error().error == errc::rejected, std::string{"not refused: "} + body);
  }
}

void without_the_caller(harness& test) {
  auto wanted = test.with({"ada", "ben"});
  wanted.form = im_form::admin;
  test.must(test.open(wanted, ", without the caller (`im_form::admin`)").has_value(),
            "it does not open");
  test.must(test.members() == "ada, ben" || test.members() == "ben, ada",
            "the members are: " + test.members());
  test.note("the pod's members of it: " + test.members());
}

void on_behalf_of(harness& test) {
  test.pod.serving.with_pod([](emulator::pod& state) {
    state.apps.add(emulator::app{
        "my-app",
        true,
        {"ACT_AS_USER", "SEND_MESSAGES", "GET_USER_CONNECTIONS", "GET_BASIC_CONTACT_INFO"},
        {},
        130,
        bot_keys().public_pem});
  });
  test.settings.app.id = "my-app";
  test.settings.app.private_key.content = bot_keys().private_pem;
  auto wanted = test.with({"ben"});
  wanted.as = identity::on_behalf_of(test.pod.id("ada"));
  test.must(test.open(wanted, ", on behalf of ada, by an app").has_value(), "it does not open");
  test.must(holds(test, {"ada", "ben"}) && !holds(test, {"demo-bot", "ben"}),
            "it is not the IM of ada and ben");
  test.note("the pod's members of it: " + test.members());
}

void set_feature(harness& test, const std::string& name, bool to) {
  test.pod.serving.with_pod([&](emulator::pod& state) {
    const auto& admin = *state.users.find("demo-bot");
    (void)state.users.update_features(admin, test.pod.ids.at(name), {{"isExternalIMEnabled", to}});
  });
  test.note("isExternalIMEnabled of " + name + (to ? " is on" : " is off"));
}

void entitlement(harness& test) {
  set_feature(test, "demo-bot", false);
  auto came = test.open({"xenia"});
  test.must(!came && came.error().error == errc::not_entitled &&
                came.error().detail.find("isExternalIMEnabled") != std::string::npos,
            "the entitlement is not named");
  auto answer = test.post("[" + std::to_string(test.pod.ids.at("xenia")) + "]");
  test.must(answer && answer->status == 403, "the pod does not mind");
  test.must(test.open({"ada"}).has_value(), "users of the own pod need none");
}

void administered(harness& test) {
  set_feature(test, "demo-bot", false);
  auto came = test.open({"xenia"});
  test.must(!came && came.error().detail.find("administrator") != std::string::npos,
            "no administrator is named");
  set_feature(test, "demo-bot", true);
  test.must(test.open({"xenia"}).has_value(), "it does not open afterwards");
}

void connected(harness& test) {
  auto came = test.open({"zoe"});
  test.must(!came && came.error().error == errc::not_connected, "it is not refused");
  auto answer = test.post("[" + std::to_string(test.pod.ids.at("zoe")) + "]");
  test.must(answer && answer->status == 403, "the pod does not mind");
  test.pod.serving.with_pod([&](emulator::pod& state) {
    state.connections.set(test.pod.ids.at("demo-bot"), test.pod.ids.at("zoe"),
                          emulator::connection::state::accepted);
  });
  test.note("zoe accepts a connection");
  test.must(test.open({"zoe"}).has_value(), "it does not open afterwards");
}

void streams(harness& test) {
  std::set<stream_id> ids;
  for (const auto* id :
       {"xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA", "xhGxbTcvTDK6EIMMrwdOrX///quztr2HdA=="}) {
    test.meet(std::string{R"("acts": true, "body": "{\"id\": \")"} + id + R"(\"}")");
    auto came = test.open(test.with({"ada"}), std::string{"; the id is `"} + id + "`");
    test.must(came.has_value(), "it does not open");
    if (came)
      ids.insert(came->stream);
    test.restart();
  }
  test.must(ids.size() == 1, "the dialects of Base64 are different streams");
  for (const auto& each : ids)
    test.answered("the stream " + to_string(each));
}

} // namespace

const std::vector<statement>& statements() {
  static const std::vector<statement> all{
      {"R1", "A POST to `/v1/im/create` under the pod's base, which is configured", base_path,
       true},
      {"R2", "It opens a conversation with one user or several", purpose},
      {"R3", "It can still make IMs of several participants (MIM)", several},
      {"R4, R5", "These are no longer supported; rooms are the way for several", several_refused},
      {"R6", "At least one user id is needed", nobody},
      {"R7", "The caller is a member without being listed", caller_is_a_member},
      {"R8, R23", "Ids given twice do no harm", repeated},
      {"R9", "An IM with these participants is answered, not made again", existing},
      {"R10", "Ids never travel in the query", body_not_query},
      {"R11, R13", "The body is a JSON array of integers, `application/json`", body_is_integers},
      {"R12", "The header `sessionToken` is mandatory", session_header},
      {"R14", "The body names participants by their ids", names},
      {"R15", "The answer is an object with an `id`", answers},
      {"R16", "400: the request is wrong, and is not repeated", client_error},
      {"R17", "401: the session is renewed, and the call repeated once", session_ends},
      {"R18", "403: an entitlement is missing, and the call not repeated", forbidden},
      {"R19", "500: the pod failed, and the call is repeated", server_error},
      {"R20", "An error is `{code, message}`, neither of which has to be there", error_bodies},
      {"R21, R22", "The caller is implied; one other participant is needed", caller_listed},
      {"R24", "An IM that the other side has opened is the same", existing_of_the_other},
      {"R25", "Another endpoint leaves the caller out", without_the_caller},
      {"R26", "It may be called on behalf of a user, who is then the caller", on_behalf_of},
      {"R27", "IMs with users of other pods need `isExternalIMEnabled`", entitlement},
      {"R28", "An administrator switches entitlements", administered},
      {"R29", "Users of other pods have to be connected with the caller", connected},
      {"R30", "The answer's id is that of a stream, in either dialect of Base64", streams},
  };
  return all;
}

} // namespace tutti::testing
