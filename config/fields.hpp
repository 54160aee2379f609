// The one list of configuration keys: key, member, help.
#pragma once

#include <tutti/config.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tutti::config_file {

/// Calls `visit(key, member, help)` for the keys of a host, `prefix` before each.
template <class Visit>
void host_fields(Visit&& visit, auto& host, const std::string& prefix) {
  visit(prefix + "scheme", host.scheme, "https or http");
  visit(prefix + "host", host.host, "name or address, without scheme and port");
  visit(prefix + "port", host.port, "TCP port");
  visit(prefix + "context", host.context, "put before every path, e.g. /gateway");
  visit(prefix + "connectionTimeout", host.connect_timeout,
        "longest wait for a connection, TLS included; 0: only the call's deadline ends it");
  visit(prefix + "readTimeout", host.read_timeout, "deadline of one call; 0: a day");
  visit(prefix + "maxRequestsPerSecond", host.max_requests_per_second,
        "requests sent within any second, the others wait for their turn; 0: no such bound");
  visit(prefix + "proxy.host", host.proxy.host, "name or address of an HTTP proxy; none: direct");
  visit(prefix + "proxy.port", host.proxy.port, "TCP port; goes with host");
  visit(prefix + "proxy.username", host.proxy.username, "for basic authentication");
  visit(prefix + "proxy.password", host.proxy.password, "of that user");
}

/// Calls `visit(key, member, help)` for the keys of a private key or certificate.
template <class Visit>
void secret_fields(Visit&& visit, auto& secret, const std::string& prefix,
                   const std::string& what) {
  visit(prefix + ".path", secret.path,
        what + ", read again at each login; relative to the folder of this file");
  visit(prefix + ".content", secret.content, "the file's content instead: PEM, or base64");
  visit(prefix + ".password", secret.password, "of an encrypted one");
}

/// Parts of a deployment that may have a host of their own, by the name of their map.
inline constexpr std::pair<const char*, service> services[] = {
    {"pod", service::pod},
    {"agent", service::agent},
    {"keyManager", service::key_manager},
    {"sessionAuth", service::session_auth},
};

/// Calls `visit(key, member, help)` for every key that holds a single value, but those of hosts.
template <class Visit>
void fields(Visit&& visit, auto& all) {
  visit("bot.username", all.bot.username, "the service account, case-sensitive");
  secret_fields(visit, all.bot.private_key, "bot.privateKey",
                "file with the RSA private key (PEM)");
  secret_fields(visit, all.bot.certificate, "bot.certificate",
                "file with client certificate and key (PEM, PKCS#12), instead of privateKey");
  visit("app.appId", all.app.id, "the app by which the bot acts on behalf of users");
  secret_fields(visit, all.app.private_key, "app.privateKey", "as bot.privateKey.path");
  secret_fields(visit, all.app.certificate, "app.certificate", "as bot.certificate.path");
  visit("app.maxSessions", all.app.max_sessions,
        "users whose sessions are kept; the least recently used make room");
  visit("commonJwt.enabled", all.common_jwt.enabled,
        "calls carry a short-lived token in Authorization instead of sessionToken");
  visit("ssl.trustStore.path", all.tls.trust_store_path,
        "PEM or PKCS#12 file with certificate authorities");
  visit("ssl.trustStore.content", all.tls.trust_store_content,
        "the store itself instead of a path: PEM, or base64");
  visit("ssl.trustStore.password", all.tls.trust_store_password, "of a PKCS#12 store");
  visit("ssl.crl", all.tls.crl,
        "revocation lists: a PEM file, or a folder of them; each authority needs one there");
  visit("retry.maxAttempts", all.retry.max_attempts,
        "attempts of one call, the first included; negative: until its deadline");
  visit("retry.initialIntervalMillis", all.retry.initial_interval,
        "longest wait before the second attempt; a random part of it is waited");
  visit("retry.multiplier", all.retry.multiplier, "growth of that wait; below 1 counts as 2");
  visit("retry.maxIntervalMillis", all.retry.max_interval, "no wait is longer");
  visit("retry.unreachableFor", all.retry.unreachable_for,
        "a host that cannot be reached is given up this long after the first attempt began; 0: "
        "only the deadline counts");
  visit("im.multiParty", all.im.multi, "refuse or allow several other participants");
  visit(
      "im.connect", all.im.connect,
      "for an IM with an external user without a connection: never: fail; ask: fail, but send the "
      "request; wait: send it and open the IM when it is accepted in time");
  visit("im.timeout", all.im.timeout, "deadline of a request that brings none");
  visit("im.directory.capacity", all.im.directory.capacity, "known IMs kept; 0: none");
  visit("im.directory.ttl", all.im.directory.ttl, "a known IM is asked for again after this time");
  visit("im.directory.path", all.im.directory.path,
        "file in which known IMs survive the process; none: they are forgotten with it");
  visit("entitlements.ttl", all.entitlements.ttl,
        "how long a caller's way to a user is believed open without asking");
  visit("entitlements.capacity", all.entitlements.capacity,
        "users whose entitlement is remembered");
  visit("http.maxInFlight", all.http.max_in_flight, "requests on the wire at once, per host");
  visit("http.maxQueued", all.http.max_queued, "requests that may wait for their turn, per host");
  visit("http.maxBody", all.http.max_body, "largest answer accepted, in bytes");
  visit("connectionPool.idleTimeout", all.http.idle_timeout,
        "an idle connection is closed after this time; 0: when the host closes it");
  visit("connectionPool.timeToLive", all.http.time_to_live,
        "a connection is replaced after this time, and the host's name looked up again; 0: never");
  visit("datafeed.version", all.datafeed.version,
        "v2: the bot's own feed; datahose: what happens on the whole pod, see datahose");
  visit("datafeed.tag", all.datafeed.tag,
        "bots with the same tag share a feed; none: the bot's user name");
  visit("datafeed.includeInvisible", all.datafeed.include_invisible,
        "events of rooms that their members do not see, too");
  visit("datafeed.updatePresence", all.datafeed.update_presence,
        "whether a read of the feed sets the bot's presence to AVAILABLE");
  visit("datafeed.ownEvents", all.datafeed.own_events, "hear what the bot itself does, too");
  visit("datafeed.ackWithin", all.datafeed.ack_within,
        "without journal.path: events are acknowledged at the latest after this time");
  visit("datafeed.retry.maxIntervalMillis", all.datafeed.max_interval,
        "the longest wait after a read that failed; reads are repeated for ever");
  visit("datafeed.catchUp", all.datafeed.catch_up,
        "streams whose history is read after a feed was lost; 0: none");
  visit("datahose.tag", all.datahose.tag,
        "bots with the same tag and filter share what comes; none: datahose-USERNAME");
  visit("datahose.eventTypes", all.datahose.event_types,
        "what is heard, e.g. [INSTANTMESSAGECREATED, ROOMCREATED]; one at least");
  visit("datahose.scopes", all.datahose.scopes,
        "of INTERNAL, EXTERNAL, FEDERATED; none: all (agent 25.8 and later)");
  visit("journal.path", all.journal.path,
        "file in which events survive the process until they are handled; none: in memory");
  visit("journal.kept", all.journal.kept,
        "how long an event is known after its end, to drop it when it comes again");
  visit("events.attempts", all.events.attempts,
        "how often a handler that fails is called for one event");
  visit("events.initialIntervalMillis", all.events.initial_interval,
        "the wait before the second attempt; it doubles with each further one");
  visit("events.window", all.events.window,
        "events in memory that have not ended; while there are more, the feed is not read");
  visit("commands.mention", all.commands.mention,
        "rooms: in a room a command begins with a mention of the bot; never: nowhere it needs one");
  visit("commands.manifest", all.commands.manifest,
        "publishes the commands at the start, so that clients complete them after a slash");
  visit("manifest", all.commands.manifest_file,
        "a JSON file that is published in their place, with commands.manifest: true");
  visit("conversations.idle", all.conversations.idle,
        "an actor of bot.listen that has heard nothing for this time ends with the next message to "
        "another");
  visit("conversations.most", all.conversations.most,
        "of more such actors than these, the one that has been silent for longest ends");
  visit("outbox.marker", all.outbox.marker,
        "data: a message carries a mark by which it is found when its answer was lost; none: a "
        "lost answer is a failure");
  visit("outbox.perStream", all.outbox.per_stream,
        "messages a second into one stream, the others wait (Symphony asks for 2 in large rooms); "
        "0: as they come");
  visit("life.start", all.life.start,
        "wait: start without the pod and log in when it is there; fail: end when the first login "
        "fails");
  visit("life.probeInterval", all.life.probe_interval,
        "how often a host that does not answer is asked again; 0: never, and no login before the "
        "first request");
  visit("life.stopGrace", all.life.stop_grace, "how long what is under way may take to end");
  visit("log.level", all.log.level, "trace, debug, info, warn, error or off");
  visit("log.format", all.log.format, "text, or json: one object a line");
}

/// What a map of keys is about.
inline constexpr std::pair<std::string_view, std::string_view> map_helps[] = {
    {"pod", "The pod itself. Keys left out here are taken from the root."},
    {"agent", "Messages and datafeed; as pod."},
    {"keyManager", "Keys for messages; as pod."},
    {"sessionAuth", "Logins with certificates; as pod."},
    {"bot", "The bot. Make a key: tutti keys NAME"},
    {"app", "The app by which the bot acts on behalf of users (OBO)."},
    {"proxy", "An HTTP proxy on the way to the hosts. A service's own replaces it whole."},
    {"commonJwt", "The common JWT of the pod, for the calls of the bot itself."},
    {"ssl", "Certificate authorities trusted beside the system's."},
    {"retry", "After a lost answer, HTTP 408, 429 and 5xx: calls that may be repeated are."},
    {"im", "Instant messages."},
    {"entitlements", "What is known beforehand of who may talk to whom."},
    {"http", "Bounds of the connections to one host."},
    {"connectionPool", "How long connections are kept."},
    {"datafeed", "The feed that the bot hears by."},
    {"datahose", "What the bot hears of its whole pod, with datafeed.version: datahose."},
    {"journal", "Where events are kept until they are handled."},
    {"events", "How events are handed to handlers."},
    {"commands", "What people tell the bot to do, e.g. /help."},
    {"conversations", "Actors that hear messages, one for each stream."},
    {"outbox", "How messages are sent once."},
    {"life", "How the bot starts, looks after itself and ends."},
    {"log", "Log lines, on standard error."},
};

/// Older spellings that still count, as in the official kits.
inline constexpr std::pair<std::string_view, std::string_view> aliases[] = {
    {"bot.privateKeyPath", "bot.privateKey.path"},
    {"bot.privateKeyContent", "bot.privateKey.content"},
    {"app.privateKeyPath", "app.privateKey.path"},
    {"app.privateKeyContent", "app.privateKey.content"},
    {"bot.certificatePath", "bot.certificate.path"},
    {"bot.certificateContent", "bot.certificate.content"},
    {"bot.certificatePassword", "bot.certificate.password"},
    {"app.certificatePath", "app.certificate.path"},
    {"app.certificateContent", "app.certificate.content"},
    {"app.certificatePassword", "app.certificate.password"},
    {"ssl.trustStorePath", "ssl.trustStore.path"},
    {"ssl.trustStorePassword", "ssl.trustStore.password"},
};

/// What may stand behind a key.
enum class shape { value, list, anything };

/// A key that one of the official kits acts on and Tutti does not (yet).
struct idle_key {
  std::string_view key;
  shape what = shape::value;
};

/// Of the root, and of each service.
inline constexpr idle_key idle_host_keys[] = {
    {"connectionPoolMax"},
    {"connectionPoolPerRoute"},
};

inline constexpr idle_key idle_keys[] = {
    {"agent.loadBalancing.mode"},
    {"agent.loadBalancing.stickiness"},
    {"agent.loadBalancing.nodes", shape::anything},
    {"datafeed.enabled"},
    {"datafeed.event.async"},
    {"datafeed.idFilePath"},
    {"datafeed.retry.maxAttempts"},
    {"datafeed.retry.initialIntervalMillis"},
    {"datafeed.retry.multiplier"},
    {"datahose.enabled"},
    {"datahose.retry.maxAttempts"},
    {"datahose.retry.initialIntervalMillis"},
    {"datahose.retry.multiplier"},
    {"datahose.retry.maxIntervalMillis"},
    {"app.auth.enabled"},
    {"extensions", shape::anything},
    {"_version"},
};

} // namespace tutti::config_file
