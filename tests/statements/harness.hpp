// A bot and a pod, and a record of what was asked, what the pod saw and what came back.
#pragma once

#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tutti::testing {

class harness {
public:
  /// `gateway`: the pod is behind TLS and the path `/gateway`.
  explicit harness(bool gateway = false);

  pod_fixture pod;
  /// Of the bots started from now on.
  config settings;

  /// A bot that knows nothing yet.
  void restart();

  /// Opens an IM; everything is recorded.
  result<im_created> open(create_im wanted, const std::string& more = "");
  result<im_created> open(const std::vector<std::string>& names) { return open(with(names)); }

  /// A call as no bot of Tutti makes it: that body, with or without the session.
  result<http_response> post(const std::string& body, bool session = true,
                             const std::string& target = "/pod/v1/im/create");

  create_im with(const std::vector<std::string>& names);

  /// What the pod does to a request for an IM from now on; see `POST /emulator/faults`.
  void meet(const std::string& members);

  /// Something was done that is neither asking nor answering.
  void note(const std::string& text) { add(asked, text); }

  /// Requests that a running bot has made since, for the record.
  void record();

  /// How often the pod was asked for an IM.
  int creates();

  /// Something came back that `open` and `post` do not record.
  void answered(const std::string& text) { add(got, text); }

  /// Members of the only IM the pod holds, as names; empty for none or several.
  std::string members();

  /// Must hold, or the statement is broken.
  void must(bool holds, const std::string& otherwise);

  bot& running();

  /// Look-ups of users are recorded, too.
  bool with_look_ups = false;
  /// The record, for a table.
  std::string asked;
  std::string saw;
  std::string got;
  std::string broken;

private:
  static void add(std::string& to, const std::string& line);
  std::string name_of(std::int64_t id) const;
  std::string masked(std::string text) const;
  std::string told(const failure& why) const;

  std::unique_ptr<bot> bot_;
  std::size_t seen_ = 0;
};

} // namespace tutti::testing
