// `tutti messageml`: checks a message as the agent does, and shows what becomes of it. It needs no
// configuration and no pod.
#pragma once

#include <bot/command/verbs/stream_verbs.hpp>

namespace CLI {
class App;
}

namespace tutti::command {

void add_messageml_verbs(CLI::App& app, const verb_parts& parts);

} // namespace tutti::command
