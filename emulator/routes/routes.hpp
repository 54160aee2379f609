// From an HTTP request to what the pod does and answers; one function per URL prefix.
#pragma once

#include <emulator/state/pod.hpp>

#include <boost/json/fwd.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

/// One request as a route sees it.
struct call {
  pod& state;
  time_point now;
  /// What `{...}` in the pattern stood for, in order.
  std::vector<std::string> path;
  std::map<std::string, std::string> query;
  /// The header `sessionToken`.
  std::string session_token;
  std::string body;
  /// The common name of the client certificate shown; empty: none.
  std::string certificate;
  /// The header `Content-Type`.
  std::string content_type;
  /// What goes wrong on purpose with a read of a feed.
  read_faults feed_faults;
  /// Whether the answer may wait for an event.
  bool may_wait = false;
  /// Set for routes that need a session.
  const user* caller = nullptr;
};

struct reply {
  int status = 200;
  /// JSON; empty for none.
  std::string body;
  /// When it is something else than JSON.
  std::string content_type{};
  /// There is nothing to answer yet: the feed whose events the answer waits for; empty: none.
  std::string waits_for{};
};

struct route {
  std::string method;
  /// e.g. `/pod/v1/connection/user/{userId}/info`
  std::string pattern;
  bool needs_session = true;
  std::function<reply(call&)> act;
  /// The permission an app needs that acts on behalf of a user (of several, with '|' between, one);
  /// empty: it may not at all.
  std::string obo;
};

std::vector<route> login_routes();
std::vector<route> certificate_routes();
std::vector<route> token_routes();
std::vector<route> im_routes();
std::vector<route> user_routes();
std::vector<route> feature_routes();
std::vector<route> connection_routes();
std::vector<route> room_routes();
std::vector<route> stream_routes();
/// Of the agent.
std::vector<route> feed_routes();
std::vector<route> message_routes();
std::vector<route> attachment_routes();

/// Every route of the pod.
std::vector<route> pod_routes();

/// A request as it came over the wire.
struct arrival {
  std::string_view method;
  /// Path and query.
  std::string_view target;
  std::string_view session_token;
  std::string_view body;
  /// The header `Authorization`.
  std::string_view authorization{};
  /// The common name of the client certificate shown; empty: none.
  std::string_view certificate{};
  /// The header `keyManagerToken`, which the agent wants beside the session.
  std::string_view key_manager_token{};
  std::string_view content_type{};
  read_faults feed_faults{};
  bool may_wait = false;
};

/// The pattern of the route for this request's path; empty for none.
std::string route_of(const std::vector<route>& routes, std::string_view target);

/// Schema Token: `{"name":...,"token":...}`, with the common JWT where the pod gives it at logins.
reply token_reply(call& request, std::string_view name, const std::string& token);

/// The user that `{username}` in the path names, if the session's app may see it; else null.
const user* user_named_in(const call& request);

/// What the pod does and answers.
reply answer_to(pod& state, const std::vector<route>& routes, const arrival& request,
                time_point now);

/// The parts of `path` that stand for `{...}` in `pattern`; nothing when it does not match.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path);

/// 200, with this body.
reply json_reply(const boost::json::value& body);

/// Schema SuccessResponse.
reply success_reply(std::string_view message);

/// `{"code":status,"message":...}`, the error body of the pod.
reply error_reply(int status, std::string_view message);
reply error_reply(const refusal& why);

/// Whole positive numbers of a JSON array; nothing when the body is anything else.
std::optional<std::vector<uid>> read_ids(const std::string& body);

/// The `userId` of `{"userId": n}`.
std::optional<uid> read_user_id(const std::string& body);

/// `skip` and `limit` of a query; `usual` when no limit is given, `most` at most.
struct page {
  std::size_t skip = 0;
  std::size_t limit = 0;
};
page read_page(const std::map<std::string, std::string>& query, std::size_t usual,
               std::size_t most);

/// Whole positive numbers of a comma list; words that are none are left out.
std::vector<uid> read_id_list(const std::string& list);

/// The one id a path names; 0, which no user has, for anything else.
uid read_id(const std::string& word);

} // namespace tutti::emulator
