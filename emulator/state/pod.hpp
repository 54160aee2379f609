// The state of pods on a desk: users, sessions, connections and conversations, and what may be
// done.
//
// Pure: no network and no clock. Semantics: Symphony's REST documentation; what it leaves open
// (status of an unknown participant, of a missing connection) is a choice, said where it is made.
#pragma once

#include <emulator/crypto/jwt.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tutti::emulator {

using uid = std::int64_t;
using time_point = std::chrono::system_clock::time_point;

/// As Symphony writes times: since 1970.
std::int64_t millis(time_point t);

/// What goes wrong, as Symphony says it: an HTTP status and a message.
struct refusal {
  int status = 500;
  std::string message;
};

inline const refusal lacks_entitlement{
    403, "The user lacks the required entitlement to perform this operation"};

template <class T>
using answer = std::variant<T, refusal>;

/// A company's pod. Users of pods that are not linked cannot meet.
struct company {
  std::int64_t id = 0;
  std::string name;
  std::set<std::int64_t> linked;
};

struct user {
  uid id = 0;
  std::int64_t company = 0;
  std::string username;
  std::string email;
  std::string display_name;
  /// A service account (accountType SYSTEM) or a person (NORMAL).
  bool service_account = false;
  bool active = true;
  std::set<std::string> roles;
  std::map<std::string, bool> features;
  /// PEM; empty for who cannot log in.
  std::string public_key;
};

/// An app that acts on behalf of users (OBO).
struct app {
  std::string id;
  bool enabled = true;
  /// e.g. `ACT_AS_USER`, `SEND_MESSAGES`.
  std::set<std::string> permissions;
  /// Users it is installed for; nothing: everybody of its company.
  std::optional<std::set<uid>> installed;
  std::int64_t company = 0;
  /// PEM; empty for one that cannot log in.
  std::string public_key;
};

struct connection {
  enum class state { pending, accepted, rejected };
  uid requester = 0;
  state status = state::pending;
  std::int64_t requested_at = 0;
  std::int64_t updated_at = 0;
  int counter = 1;
};

/// A connection as one side sees it.
struct connection_view {
  uid other = 0;
  std::string status;
  std::optional<connection> details;
};

struct conversation {
  std::string id;
  std::set<uid> members;
  uid creator = 0;
  std::int64_t created_at = 0;
};

/// A room. Flags by their names in the API, those that were given.
struct room {
  struct member {
    bool owner = false;
    std::int64_t joined_at = 0;
  };

  std::string id;
  std::string name;
  std::string description;
  std::vector<std::pair<std::string, std::string>> keywords;
  std::map<std::string, bool> flags;
  std::map<uid, member> members;
  uid creator = 0;
  std::int64_t created_at = 0;
  bool active = true;

  bool has(const std::string& flag) const {
    auto found = flags.find(flag);
    return found != flags.end() && found->second;
  }
};

/// What a search for rooms asks for.
struct room_search {
  std::string text;
  std::optional<uid> member;
  std::optional<uid> creator;
  std::optional<uid> owner;
  std::optional<bool> active;
};

struct pod_options {
  /// How long a session lasts (Symphony: 1 hour to 2 weeks).
  std::chrono::seconds session_lifetime{3600};
  /// Whether the other side needs isExternalIMEnabled too (support site; the API page says caller).
  bool callee_needs_external_im = true;
  /// Whether more than one other participant is refused with 400 instead of making a MIM.
  bool refuse_multi_party = false;
  /// Whether logins give a common JWT (`authorizationToken`) beside the session token.
  bool common_jwt_at_login = false;
  /// How long a common JWT lasts (documented: minutes).
  std::chrono::seconds common_jwt_lifetime{300};
};

class pod {
public:
  explicit pod(pod_options options = {}, std::uint64_t seed = 1);

  // -- seeding ------------------------------------------------------------------

  void add(company which);
  /// Gives the id `company << 36 | counter` when none is set; answers it.
  uid add(user who);
  void connect(uid one, uid other, connection::state status);
  void add(app which);
  void set_public_key(uid who, std::string pem);
  void set_app_key(const std::string& id, std::string pem);
  void set_common_jwt_at_login(bool given) { options_.common_jwt_at_login = given; }
  const std::map<std::string, app>& apps() const { return apps_; }

  const std::map<uid, user>& users() const { return users_; }
  const pod_options& options() const { return options_; }
  std::string company_name(std::int64_t id) const;
  /// The first, of that company when one is given.
  const user* find_user(std::string_view name_or_email,
                        std::optional<std::int64_t> company = std::nullopt) const;
  /// The one an app means by a name: of its own company.
  const user* user_for_app(std::string_view app_session, std::string_view name,
                           time_point now) const;
  const user* find_user(uid id) const {
    auto found = users_.find(id);
    return found == users_.end() ? nullptr : &found->second;
  }

  // -- sessions -----------------------------------------------------------------

  /// A session token for a login JWT: RS512, `sub` known, `exp` ahead by at most 5 minutes, signed
  /// with the registered key. Everything else is a 401.
  answer<std::string> log_in(const std::string& jwt, time_point now);
  /// The same at the key manager; its token is none of the pod's sessions.
  answer<std::string> log_in_to_key_manager(const std::string& jwt, time_point now);
  /// A session of an app, for a JWT whose `sub` is its id.
  answer<std::string> log_in_app(const std::string& jwt, time_point now);
  /// A user's session for an app that has one: it has to be enabled, may `ACT_AS_USER` and is
  /// installed for that user.
  answer<std::string> log_in_user(std::string_view app_session, const user* whom, time_point now);
  /// The same for a client certificate with that common name. The documents give 400, 403 and 500
  /// for what goes wrong: 400 without a certificate, 403 for one that belongs to no account.
  answer<std::string> log_in_by_certificate(const std::string& name, time_point now);
  answer<std::string> log_in_app_by_certificate(const std::string& name, time_point now);
  /// The app whose own session that is; empty for none.
  std::string app_of_session(std::string_view token, time_point now) const;
  /// Ends one session; false when there is none with that token.
  bool log_out(std::string_view token);

  /// A common JWT for a session, and the user a call with it acts as; empty and null for a session
  /// that has ended.
  std::string common_jwt(std::string_view token, time_point now);
  const user* user_of_jwt(std::string_view jwt, time_point now) const;
  /// By which that JWT, and those of extension apps, can be checked.
  const key_pair& own_key();
  std::string own_certificate();

  /// The circle of trust of an extension app: what its front end shows the pod, for a login JWT.
  struct app_tokens {
    std::string app_id;
    std::string app_token;
    std::string symphony_token;
    time_point expires;
  };
  answer<app_tokens> trust_app(const std::string& jwt, const std::string& app_token,
                               time_point now);
  /// The same for an app by certificate.
  answer<app_tokens> trust_app_of(const std::string& app_id, const std::string& app_token,
                                  time_point now);
  /// The JWT the pod gives an extension app's front end for one of its users.
  std::string app_jwt(const std::string& app_id, const user& whom, time_point now);

  /// The app that acts in a user's session; null for the user's own.
  const app* app_behind(std::string_view token) const;
  /// A session for that user, however it proved who it is.
  std::string open_session(uid owner, time_point now);
  /// Whose session that is; null for a token that is unknown or has expired.
  const user* session_of(std::string_view token, time_point now) const;
  /// Ends all sessions, as an administrator's logout does.
  void expire_sessions() {
    sessions_.clear();
    jwts_.clear();
  }

  // -- what users may do ----------------------------------------------------------

  /// R1-R30 of the Create IM page. `given` is the list as it came.
  answer<std::string> create_im(const user& caller, const std::vector<uid>& given, time_point now);
  answer<std::string> create_im_without_caller(const user& caller, const std::vector<uid>& given,
                                               time_point now);

  /// The users with these ids whom the caller can see; `local`: of its own pod only.
  std::vector<const user*> visible(const user& caller, const std::vector<uid>& ids,
                                   bool local) const;
  std::vector<const user*> visible_by(const user& caller, const std::vector<std::string>& names,
                                      bool email, bool local) const;

  answer<const user*> features_of(const user& caller, uid whom) const;
  answer<bool> update_features(const user& caller, uid whom, const std::map<std::string, bool>& to);

  answer<connection_view> connection_with(const user& caller, uid other) const;
  std::vector<connection_view> connections(const user& caller, const std::string& status,
                                           const std::vector<uid>& others) const;
  answer<connection_view> request_connection(const user& caller, uid other, time_point now);
  answer<connection_view> accept_connection(const user& caller, uid other, time_point now);
  answer<connection_view> reject_connection(const user& caller, uid other, time_point now);
  answer<bool> remove_connection(const user& caller, uid other, time_point now);

  static bool may_provision(const user& who) { return who.roles.contains("USER_PROVISIONING"); }

  // -- rooms and streams ------------------------------------------------------------

  /// The rules of the API: a name of its own, no contradictory flags, the caller's entitlements.
  answer<const room*> create_room(const user& caller, room wanted, time_point now);
  answer<const room*> update_room(const user& caller, const std::string& id, const room& wanted);
  answer<const room*> set_room_active(const user& caller, const std::string& id, bool active);
  answer<const room*> room_of(const user& caller, const std::string& id) const;
  answer<bool> add_to_room(const user& caller, const std::string& id, uid whom, time_point now);
  answer<bool> remove_from_room(const user& caller, const std::string& id, uid whom);
  answer<bool> set_room_owner(const user& caller, const std::string& id, uid whom, bool owner);
  std::vector<const room*> find_rooms(const user& caller, const room_search& wanted) const;
  /// An IM, MIM or room as one of both.
  struct any_stream {
    const conversation* talk = nullptr;
    const room* place = nullptr;

    const std::string& id() const { return talk ? talk->id : place->id; }
    std::int64_t created_at() const { return talk ? talk->created_at : place->created_at; }
    uid creator() const { return talk ? talk->creator : place->creator; }
    bool has(uid who) const {
      return talk ? talk->members.contains(who) : place->members.contains(who);
    }
    const char* type() const { return place ? "ROOM" : talk->members.size() > 2 ? "MIM" : "IM"; }
  };
  /// Those the user is in, the oldest first.
  std::vector<any_stream> streams_of(uid who) const;
  /// One the caller may see: a member, or who may provision.
  answer<any_stream> stream_of(const user& caller, const std::string& id) const;
  bool is_active(const any_stream& one) const;
  bool is_cross_pod(const any_stream& one) const;
  const std::map<std::string, room>& rooms() const { return rooms_; }
  const std::map<std::set<uid>, conversation>& conversations() const { return conversations_; }

  std::size_t conversation_count() const { return conversations_.size(); }
  /// The one with exactly these members; null for none.
  const conversation* conversation_of(const std::set<uid>& members) const;

private:
  struct session {
    /// 0: the app itself.
    uid owner = 0;
    time_point expires;
    /// Empty for a user's own.
    std::string app;
  };

  static bool has(const user& who, const std::string& feature);
  std::optional<refusal> objection_to(const room& wanted, const user& caller) const;
  room* find_room(const std::string& id);
  const room* find_room(const std::string& id) const;
  /// The room, when the caller may change who is in it.
  answer<room*> room_to_change(const user& caller, const std::string& id, bool members_may);
  bool external_visible(const user& caller, const user& other) const;
  bool connected(const user& one, const user& other) const;
  std::optional<refusal> obstacle(const user& one, const user& other) const;
  answer<std::string> open(const user& caller, const std::set<uid>& members, time_point now);
  std::string mint_id(time_point now);
  std::string mint_token();
  /// What is wrong with a login's JWT whose claims are those; nothing when it is good.
  static std::optional<refusal> objection(const std::string& jwt, std::int64_t expires,
                                          const std::string& public_key, time_point now);
  answer<uid> owner_of(const std::string& jwt, time_point now) const;
  answer<const app*> app_of(const std::string& jwt, time_point now) const;
  connection* find_connection(uid one, uid other);
  const connection* find_connection(uid one, uid other) const;
  connection_view view(const user& caller, uid other, const connection& known) const;
  static std::pair<uid, uid> pair_of(uid one, uid other);

  pod_options options_;
  std::mt19937_64 random_;
  std::map<std::int64_t, company> companies_;
  std::map<std::int64_t, std::int64_t> counters_;
  std::map<uid, user> users_;
  std::map<std::string, app> apps_;
  std::map<std::string, session, std::less<>> sessions_;
  std::map<std::string, session, std::less<>> jwts_;
  std::optional<key_pair> own_key_;
  std::string own_certificate_;
  std::map<std::pair<uid, uid>, connection> connections_;
  std::map<std::set<uid>, conversation> conversations_;
  /// By id, url-safe.
  std::map<std::string, room> rooms_;
};

} // namespace tutti::emulator
