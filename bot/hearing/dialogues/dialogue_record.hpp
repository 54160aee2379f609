// A dialogue as the journal keeps it.
#pragma once

#include <tutti/commands/argument.hpp>
#include <tutti/described.hpp>
#include <tutti/event.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

enum class step_state : std::uint8_t {
  begun,
  done,
  timed_out,
  unanswered,
  cancelled,
  interrupted,
  failed
};
BOOST_DESCRIBE_ENUM(step_state, begun, done, timed_out, unanswered, cancelled, interrupted, failed)

struct kept_step {
  /// What it is: `say`, `ask`, `once`, ...
  std::string kind;
  /// Of what sort: the type of an answer, the name of a work.
  std::string name;
  step_state state = step_state::begun;
  json_value result{};
  /// Of a question: how many answers did not fit. Of a work that failed: 1 when the function went
  /// on.
  int attempts = 0;
};

/// A dialogue that has not ended.
struct dialogue_record {
  /// Chosen when it begins.
  std::string id;
  /// The command that has begun it.
  std::string command;
  /// As values of JSON.
  json_value arguments{};
  std::int64_t person = 0;
  std::string person_name;
  std::string stream;
  int stream_type = 0;
  bool external = false;
  /// The event of which the steps below know already: handed out again, it brings nothing new.
  std::int64_t event = 0;
  std::vector<kept_step> steps;
};

std::string written(const dialogue_record& record);
result<dialogue_record> read_record(std::string_view text);

json_value written(const std::vector<argument_value>& arguments);
/// Throws `misfit_error`.
std::vector<argument_value> read_arguments(const json_value& from);
json_value written(const argument_value& one);
argument_value read_argument(const json_value& from);

} // namespace tutti
