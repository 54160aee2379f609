// One function for each statement.
#include <tests/statements/statements.hpp>

#include <tutti/by_name.hpp>

#include <set>

namespace tutti::testing {

namespace {

using namespace std::chrono_literals;

void base_path(bench& desk) {
  desk.must(desk.open({"ada"}).has_value(), "it does not open");
}

bool holds(bench& desk, const std::vector<std::string>& names) {
  bool there = false;
  desk.pod.serving.with_pod([&](emulator::pod& state) {
    std::set<emulator::uid> members;
    for (const auto& name : names)
      members.insert(desk.pod.ids.at(name));
    there = state.conversation_of(members) != nullptr;
  });
  return there;
}

void purpose(bench& desk) {
  desk.must(desk.open({"ada"}).has_value(), "one to one does not open");
  desk.settings.im.multi = multi_party::allow;
  desk.restart();
  desk.must(desk.open(desk.with({"ada", "ben"}), ", with `im.multiParty: allow`").has_value(),
            "several do not open");
  desk.must(holds(desk, {"demo-bot", "ada"}) && holds(desk, {"demo-bot", "ada", "ben"}),
            "the pod does not hold both");
}

void several(bench& desk) {
  desk.settings.im.multi = multi_party::allow;
  desk.must(desk.open(desk.with({"ada", "ben"}), ", with `im.multiParty: allow`").has_value(),
            "several do not open");
}

void several_refused(bench& desk) {
  auto came = desk.open({"ada", "ben"});
  desk.must(!came && came.error().error == errc::multi_party_unsupported, "it is not refused");
  desk.must(!came && came.error().detail.find("create a room") != std::string::npos,
            "rooms are not named");
}

void nobody(bench& desk) {
  auto came = desk.open(create_im{});
  desk.must(!came && came.error().error == errc::invalid_participants, "it is not refused");
  auto answer = desk.post("[]");
  desk.must(answer && answer->status == 400, "the pod takes an empty list");
}

void caller_is_a_member(bench& desk) {
  desk.must(desk.open({"ada"}).has_value(), "it does not open");
  desk.must(desk.members() == "demo-bot, ada" || desk.members() == "ada, demo-bot",
            "the members are: " + desk.members());
  desk.note("the pod's members of it: " + desk.members());
}

void caller_listed(bench& desk) {
  desk.must(desk.open({"demo-bot", "ada"}).has_value(), "it does not open");
  auto came = desk.open({"demo-bot"});
  desk.must(!came && came.error().error == errc::invalid_participants, "an IM with oneself");
}

void repeated(bench& desk) {
  desk.must(desk.open({"ada", "ada"}).has_value(), "it does not open");
  auto answer = desk.post("[" + std::to_string(desk.pod.ids.at("ada")) + "," +
                          std::to_string(desk.pod.ids.at("ada")) + "]");
  desk.must(answer && answer->status == 200, "the pod minds repetition");
}

void existing(bench& desk) {
  auto first = desk.open({"ada"});
  desk.restart();
  auto second = desk.open({"ada"});
  auto same = first && second && first->stream == second->stream;
  desk.must(same, "another id");
  desk.answered(same ? "the same id" : "another id");
}

void existing_of_the_other(bench& desk) {
  std::string id;
  desk.pod.serving.with_pod([&](emulator::pod& state) {
    auto made = state.create_im(*state.find_user("ada"), {desk.pod.ids.at("demo-bot")},
                                std::chrono::system_clock::now());
    id = std::get<std::string>(made);
  });
  desk.note("ada has opened it before");
  auto came = desk.open({"ada"});
  auto same = came && came->stream == *stream_id::make(id);
  desk.must(same, "another id");
  desk.answered(same ? "the id of ada's" : "another id");
}

void body_not_query(bench& desk) {
  desk.must(desk.open({"ada"}).has_value(), "it does not open");
  auto seen = desk.pod.serving.requests().back();
  desk.must(seen.target == "/pod/v1/im/create", "the target is " + seen.target);
  auto answer =
      desk.post("[]", true, "/pod/v1/im/create?uid=" + std::to_string(desk.pod.ids.at("ada")));
  desk.must(answer && answer->status == 400, "the pod reads the query");
}

void session_header(bench& desk) {
  desk.must(desk.open({"ada"}).has_value(), "it does not open");
  auto answer = desk.post("[" + std::to_string(desk.pod.ids.at("ben")) + "]", false);
  desk.must(answer && answer->status == 401, "the pod takes a call without a session");
}

void body_is_integers(bench& desk) {
  desk.must(desk.open({"ada"}).has_value(), "it does not open");
  for (const auto* body : {"", "{}", R"(["1"])", "[1.5]"}) {
    auto answer = desk.post(body);
    desk.must(answer && answer->status == 400, std::string{"the pod takes "} + body);
  }
}

void names(bench& desk) {
  desk.with_look_ups = true;
  for (const auto* name : {"ada", "xenia@their.bank"}) {
    desk.note(std::string{"an IM with `"} + name + "`, by `open_given_im`");
    auto came = desk.running().run(open_given_im(desk.running(), {name}, 10s)).get();
    desk.record();
    desk.must(came.has_value(), std::string{name} + " is not found");
    desk.answered(came ? "opened" : to_string(came.error()));
  }
}

void answers(bench& desk) {
  desk.meet(R"("acts": true, "body": "{\"id\": \"xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA\", )"
            R"(\"later\": [1]}")");
  desk.must(desk.open(desk.with({"ada"}), "; the answer has a member more").has_value(),
            "an extra member is not tolerated");
  for (const auto* body : {"{}", R"({\"id\": \"\"})"}) {
    desk.meet(std::string{R"("acts": true, "body": ")"} + body + '"');
    auto came = desk.open(desk.with({"ben"}), "; the answer has no id");
    desk.must(!came && came.error().error == errc::protocol_error, "no id is taken for one");
  }
}

void refused_with(bench& desk, int status, const std::string& message, errc error, int requests) {
  desk.meet("\"status\": " + std::to_string(status) + R"(, "body": "{\"code\": )" +
            std::to_string(status) + R"(, \"message\": \")" + message + R"(\"}")");
  auto came =
      desk.open(desk.with({"ada"}), "; the pod says HTTP " + std::to_string(status) + " once");
  desk.must(!came && came.error().error == error && came.error().status == status &&
                came.error().detail.find(message) != std::string::npos,
            "the pod's words do not arrive");
  desk.must(desk.creates() == requests, std::to_string(desk.creates()) + " requests");
}

void client_error(bench& desk) {
  refused_with(desk, 400, "Bad participants", errc::rejected, 1);
}

void session_ends(bench& desk) {
  desk.must(desk.open({"ada"}).has_value(), "it does not open");
  desk.meet(R"("expireSessions": true)");
  desk.must(desk.open(desk.with({"ben"}), "; every session ends").has_value(),
            "the session is not renewed");
  desk.must(desk.creates() == 3, std::to_string(desk.creates()) + " requests");
}

void forbidden(bench& desk) {
  refused_with(desk, 403, "The user lacks the required entitlement", errc::not_entitled, 1);
}

void server_error(bench& desk) {
  desk.meet(R"("status": 500, "body": "{\"code\": 500, \"message\": \"Oops\"}")");
  desk.must(desk.open(desk.with({"ada"}), "; the pod says HTTP 500 once").has_value(),
            "it is not repeated");
  desk.must(desk.creates() == 2, std::to_string(desk.creates()) + " requests");
}

void error_bodies(bench& desk) {
  for (const auto* body : {R"({\"code\": 400})", R"({\"message\": \"No\"})", "{}", "", "no JSON"}) {
    desk.meet(std::string{R"("status": 400, "body": ")"} + body + '"');
    auto came = desk.open({"ada"});
    desk.must(!came && came.error().error == errc::rejected, std::string{"not refused: "} + body);
  }
}

void without_the_caller(bench& desk) {
  auto wanted = desk.with({"ada", "ben"});
  wanted.form = im_form::admin;
  desk.must(desk.open(wanted, ", without the caller (`im_form::admin`)").has_value(),
            "it does not open");
  desk.must(desk.members() == "ada, ben" || desk.members() == "ben, ada",
            "the members are: " + desk.members());
  desk.note("the pod's members of it: " + desk.members());
}

void on_behalf_of(bench& desk) {
  desk.pod.serving.with_pod([](emulator::pod& state) {
    state.add(emulator::app{
        "my-app",
        true,
        {"ACT_AS_USER", "SEND_MESSAGES", "GET_USER_CONNECTIONS", "GET_BASIC_CONTACT_INFO"},
        {},
        130,
        bot_keys().public_pem});
  });
  desk.settings.app.id = "my-app";
  desk.settings.app.private_key.content = bot_keys().private_pem;
  auto wanted = desk.with({"ben"});
  wanted.as = identity::on_behalf_of(desk.pod.id("ada"));
  desk.must(desk.open(wanted, ", on behalf of ada, by an app").has_value(), "it does not open");
  desk.must(holds(desk, {"ada", "ben"}) && !holds(desk, {"demo-bot", "ben"}),
            "it is not the IM of ada and ben");
  desk.note("the pod's members of it: " + desk.members());
}

void set_feature(bench& desk, const std::string& name, bool to) {
  desk.pod.serving.with_pod([&](emulator::pod& state) {
    const auto& admin = *state.find_user("demo-bot");
    (void)state.update_features(admin, desk.pod.ids.at(name), {{"isExternalIMEnabled", to}});
  });
  desk.note("isExternalIMEnabled of " + name + (to ? " is on" : " is off"));
}

void entitlement(bench& desk) {
  set_feature(desk, "demo-bot", false);
  auto came = desk.open({"xenia"});
  desk.must(!came && came.error().error == errc::not_entitled &&
                came.error().detail.find("isExternalIMEnabled") != std::string::npos,
            "the entitlement is not named");
  auto answer = desk.post("[" + std::to_string(desk.pod.ids.at("xenia")) + "]");
  desk.must(answer && answer->status == 403, "the pod does not mind");
  desk.must(desk.open({"ada"}).has_value(), "users of the own pod need none");
}

void administered(bench& desk) {
  set_feature(desk, "demo-bot", false);
  auto came = desk.open({"xenia"});
  desk.must(!came && came.error().detail.find("administrator") != std::string::npos,
            "no administrator is named");
  set_feature(desk, "demo-bot", true);
  desk.must(desk.open({"xenia"}).has_value(), "it does not open afterwards");
}

void connected(bench& desk) {
  auto came = desk.open({"zoe"});
  desk.must(!came && came.error().error == errc::not_connected, "it is not refused");
  auto answer = desk.post("[" + std::to_string(desk.pod.ids.at("zoe")) + "]");
  desk.must(answer && answer->status == 403, "the pod does not mind");
  desk.pod.serving.with_pod([&](emulator::pod& state) {
    state.connect(desk.pod.ids.at("demo-bot"), desk.pod.ids.at("zoe"),
                  emulator::connection::state::accepted);
  });
  desk.note("zoe accepts a connection");
  desk.must(desk.open({"zoe"}).has_value(), "it does not open afterwards");
}

void streams(bench& desk) {
  std::set<stream_id> ids;
  for (const auto* id :
       {"xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA", "xhGxbTcvTDK6EIMMrwdOrX///quztr2HdA=="}) {
    desk.meet(std::string{R"("acts": true, "body": "{\"id\": \")"} + id + R"(\"}")");
    auto came = desk.open(desk.with({"ada"}), std::string{"; the id is `"} + id + "`");
    desk.must(came.has_value(), "it does not open");
    if (came)
      ids.insert(came->stream);
    desk.restart();
  }
  desk.must(ids.size() == 1, "the dialects of Base64 are different streams");
  for (const auto& each : ids)
    desk.answered("the stream " + to_string(each));
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
