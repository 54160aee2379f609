// Everything that can be configured, with its default beside it. Keys and help: config/fields.hpp.
#pragma once

#include <tutti/http_message.hpp>
#include <tutti/log.hpp>
#include <tutti/participants.hpp>
#include <tutti/settings.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tutti {

/// An HTTP proxy on the way to a host.
struct proxy_config {
  /// Name or address; empty: none.
  std::string host;
  std::uint16_t port = 0;
  /// For basic authentication (RFC 7617); empty: none.
  std::string username;
  std::string password;

  friend bool operator==(const proxy_config&, const proxy_config&) = default;
};

/// Where one service of the deployment is reached.
struct host_config {
  /// `https` or `http`.
  std::string scheme = "https";
  /// Name or address, without port.
  std::string host;
  std::uint16_t port = 443;
  /// Put before every path, e.g. `/gateway`.
  std::string context;
  /// Longest wait for a connection, TLS included; 0: only the call's deadline ends it.
  std::chrono::milliseconds connect_timeout{15'000};
  /// Deadline of one call that brings none; 0: a day.
  std::chrono::milliseconds read_timeout{60'000};
  /// Requests sent within any second; 0: as many as there are.
  std::size_t max_requests_per_second = 0;
  proxy_config proxy;
  /// Sent with every request, by name; one that Tutti sends itself is replaced.
  std::map<std::string, std::string> default_headers;

  friend bool operator==(const host_config&, const host_config&) = default;
};

/// A private key or a certificate: a file, or its content.
struct secret_config {
  /// Read again at each login. A relative path counts from the working directory; in a
  /// configuration file, from the folder of that file.
  std::string path;
  /// PEM, or the base64 of the file; instead of the path.
  std::string content;
  /// For an encrypted one.
  std::string password;

  bool given() const noexcept { return !path.empty() || !content.empty(); }
};

/// The bot's service account.
struct bot_config {
  /// Case-sensitive, as registered (JWT claim `sub`); empty: only the app acts, for users.
  std::string username;
  /// RSA, PEM (PKCS#1 or PKCS#8).
  secret_config private_key;
  /// Client certificate with its key, PEM or PKCS#12; instead of the private key.
  secret_config certificate;
};

/// The app by which the bot acts on behalf of users.
struct app_config {
  /// As registered (JWT claim `sub`); empty: the bot acts for itself only.
  std::string id;
  /// As those of `bot_config`.
  secret_config private_key;
  secret_config certificate;
  /// Users whose sessions are kept; the least recently used make room.
  std::size_t max_sessions = 10'000;
};

/// Short-lived tokens that travel in `Authorization` instead of the session's.
struct common_jwt_config {
  bool enabled = false;
};

/// Whom the bot trusts beside the system's certificate authorities.
struct tls_config {
  /// PEM or PKCS#12 file.
  std::string trust_store_path;
  /// The store itself, PEM or base64; instead of the path.
  std::string trust_store_content;
  /// Of a PKCS#12 store.
  std::string trust_store_password;
  /// A PEM file, or a folder of them, with revocation lists (CRL): a certificate that one of them
  /// names is refused, and so is one whose issuer has none there. Empty: not checked.
  std::string crl;
};

/// What happens after a lost answer, HTTP 408, 429 and 5xx, within the call's deadline.
struct retry_config {
  /// Attempts of one call, the first included; negative: as long as the deadline allows.
  std::int32_t max_attempts = 10;
  /// Longest wait before the second attempt; a random part of it is waited.
  std::chrono::milliseconds initial_interval{500};
  /// Each further wait may be longer by this factor; below 1 counts as 2.
  double multiplier = 2;
  /// No wait may be longer.
  std::chrono::milliseconds max_interval{300'000};
  /// A host that cannot be reached is given up this long after the first attempt began; 0: only
  /// the deadline counts.
  std::chrono::milliseconds unreachable_for{0};
};

/// The IM directory: which conversations are known to be open.
struct directory_config {
  /// Known IMs kept; the least recently used make room. 0 switches the directory off.
  std::size_t capacity = 1'000'000;
  /// A known IM is asked for again after this time.
  std::chrono::milliseconds ttl = std::chrono::hours{24};
  /// A file in which known IMs survive the process; empty for none. Relative as the path of
  /// a key.
  std::string path;
};

/// What happens when an IM needs a connection there is none of.
enum class connect_policy : std::uint8_t {
  /// The request fails with `not_connected`.
  never,
  /// It fails all the same, but the users have been asked.
  ask,
  /// They are asked, and the IM opens when they have agreed, within the request's deadline.
  wait,
};

/// The IM actor.
struct im_config {
  /// Whether more than one other participant is sent to the pod.
  multi_party multi = multi_party::refuse;
  connect_policy connect = connect_policy::never;
  /// The deadline of a request that brings none.
  std::chrono::milliseconds timeout{30'000};
  directory_config directory;
};

/// The entitlement, user and connection actors.
struct entitlement_config {
  /// How long "this caller may talk to that user" is believed without asking again.
  std::chrono::milliseconds ttl{300'000};
  /// Users whose entitlement is remembered.
  std::size_t capacity = 1'000'000;
};

/// The HTTP actor and its connections.
struct http_config {
  /// Requests on the wire at once, per host.
  std::size_t max_in_flight = 64;
  /// Requests that may wait for their turn, per host; past it `errc::overloaded`.
  std::size_t max_queued = 10'000;
  /// Largest answer accepted, in bytes.
  std::size_t max_body = std::size_t{16} << 20;
  /// A connection that was idle this long is closed: shorter than the idle time-outs of firewalls,
  /// balancers and servers (60 s and more). 0: as long as the host keeps it.
  std::chrono::milliseconds idle_timeout{30'000};
  /// A connection this old is replaced, so that a name that moves is followed. 0: never.
  std::chrono::milliseconds time_to_live{300'000};
};

/// Where a bot's events come from.
enum class event_source : std::uint8_t {
  /// A feed of its own (datafeed 2): what happens in its streams.
  v2,
  /// What happens on its whole pod; a paid addition to Symphony.
  datahose,
};

/// The feed that the bot hears by.
struct datafeed_config {
  event_source version = event_source::v2;
  /// Bots with the same tag share a feed; empty: the bot's user name.
  std::string tag;
  /// Events of rooms whose history its members do not see, too (agent >= 2.57).
  bool include_invisible = false;
  /// Whether a read sets the bot's presence to AVAILABLE.
  bool update_presence = true;
  /// What the bot itself does is heard, too.
  bool own_events = false;
  /// Without a file for the journal: events are acknowledged at the latest after this time, even
  /// when their handlers have not ended. Symphony hands them out again after some 30 s.
  std::chrono::milliseconds ack_within{20'000};
  /// The longest wait after a read that failed; failed reads are repeated for ever.
  std::chrono::milliseconds max_interval{15'000};
  /// When a feed was lost: how many streams have their history read for what was missed, those that
  /// were heard of last first. 0: none.
  std::size_t catch_up = 1'000;
};

/// Where events are kept until their handlers have ended.
struct journal_config {
  /// A file (SQLite) of this bot alone, relative as the path of a key; empty: in memory.
  std::string path;
  /// How long an event is known after its end, to drop it when Symphony hands it out again.
  std::chrono::milliseconds kept{900'000};
};

/// How events are handed to handlers.
struct events_config {
  /// How often a handler that fails is called for one event, before the event is given up.
  std::int32_t attempts = 3;
  /// The wait before the second attempt; it doubles with each further one.
  std::chrono::milliseconds initial_interval{500};
  /// Events in memory that have not ended; while there are more, the feed is not read.
  std::size_t window = 1'000;
};

/// What a bot hears of its whole pod, with `datafeed.version: datahose`.
struct datahose_config {
  /// Bots with the same tag and the same filter share what comes; at most 80 characters. Empty:
  /// `datahose-` and the bot's user name, as much of it as there is room for.
  std::string tag;
  /// As on the wire, e.g. `ROOMCREATED`; at least one.
  std::vector<std::string> event_types;
  /// `INTERNAL`, `EXTERNAL`, `FEDERATED` (agent 25.8 and later); empty: all.
  std::vector<std::string> scopes;
};

/// Where a command needs a mention of the bot as its first word.
enum class command_mention : std::uint8_t {
  /// In rooms; in IMs it may be there.
  rooms,
  /// Nowhere; it may be there.
  never,
};

/// The commands that a bot's author declares.
struct commands_config {
  command_mention mention = command_mention::rooms;
  /// Whether they are published for clients, which complete `/` (`POST /pod/v1/user/manifest/own`).
  bool manifest = false;
  /// A file that is published in the place of what is declared, as of the official kits; empty:
  /// none.
  std::string manifest_file{};
};

/// Actors of `bot::listen`.
struct conversations_config {
  /// One that has heard nothing for this time ends.
  std::chrono::milliseconds idle{600'000};
  /// Of more than these, the one that has been silent for longest ends.
  std::size_t most = 10'000;
};

/// How a message whose answer was lost is found again.
enum class outbox_marker : std::uint8_t {
  /// By a mark in its entity data: it is sent once.
  data,
  /// Not at all: that its answer was lost is a failure.
  none,
};

struct outbox_config {
  outbox_marker marker = outbox_marker::data;
  /// Messages a second into one stream; the others wait for their turn. 0: as they come. Symphony
  /// asks for 2 in large rooms.
  double per_stream = 0;
};

/// What a pod that cannot be reached, or refuses the login, means to a bot that starts.
enum class start_policy : std::uint8_t {
  /// The bot starts, health says `starting`, the login is tried until it succeeds.
  wait,
  /// `bot::start` waits for the first login and fails with its failure.
  fail,
};

/// How the bot starts, looks after itself and ends.
struct life_config {
  start_policy start = start_policy::wait;
  /// How often a host that does not answer is asked whether it does again; also the first pause
  /// before a failed login is tried again. 0: never, and the first request logs in.
  std::chrono::milliseconds probe_interval{1'000};
  /// How long `bot::stop` waits for what is under way.
  std::chrono::milliseconds stop_grace{5'000};
};

/// How log lines look.
enum class log_format : std::uint8_t { text, json };

/// What is logged to standard error; a bot given a sink of its own uses that instead.
struct log_config {
  log_level level = log_level::info;
  log_format format = log_format::text;
  /// Other levels for single components, e.g. `http`.
  std::map<std::string, log_level> levels;
};

/// One entry under `plugins:`.
struct plugin_config {
  /// A built-in plugin's name; of a shared object the name it goes by here, empty for its own.
  std::string name;
  /// The plugin's own settings.
  setting_map settings;
  /// A shared object instead of a built-in plugin; relative as the path of a key.
  std::string path;
  /// `file:line:column: `, for messages.
  std::string place;
};

/// A bot, whole.
struct config {
  /// By service, in the order of the enum.
  std::array<host_config, service_count> hosts;
  bot_config bot;
  app_config app;
  common_jwt_config common_jwt;
  tls_config tls;
  retry_config retry;
  im_config im;
  entitlement_config entitlements;
  http_config http;
  datafeed_config datafeed;
  datahose_config datahose;
  journal_config journal;
  events_config events;
  commands_config commands;
  conversations_config conversations;
  outbox_config outbox;
  life_config life;
  log_config log;
  std::vector<plugin_config> plugins;
  /// Keys of the official kits that were given and have no effect (yet); one warning at the start
  /// lists them.
  std::vector<std::string> without_effect;
  /// What the reader of the file noticed that is no error, each with its place; for people.
  std::vector<std::string> notes;
  /// The file all this was read from, for messages; empty when it was made in code.
  std::string origin;

  host_config& host_of(service which) { return hosts[static_cast<std::size_t>(which)]; }
  const host_config& host_of(service which) const { return hosts[static_cast<std::size_t>(which)]; }
};

} // namespace tutti
