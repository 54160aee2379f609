// What people do on the pod: they write, edit, answer forms; by requests to the emulator itself.
#pragma once

#include <emulator/routes/routes.hpp>

#include <string>
#include <string_view>

namespace tutti::emulator {

/// Nothing when the path is none of these. `POST /emulator/messages`: `{"from": NAME, "text":
/// TEXT}`, or `"messageML"` (with `"data"`) in its place, and where: `"stream": ID`, or `"to":
/// [NAME...]`, which opens the IM; `"replacing": ID` edits a message; an array of such objects is
/// as many messages. `GET /emulator/messages`: all, by stream. `POST /emulator/forms`: `{"from":
/// NAME, "message": ID, "form": ID, "values": {...}}`. `POST /emulator/users`: `{"pod": ID,
/// "usernames": [NAME...]}` makes persons who may be talked with; answers their ids.
std::optional<reply> act_for_people(pod& state, std::string_view method, std::string_view path,
                                    const std::string& body, time_point now);

/// The same for who has the pod in the same process.
answer<const message*> say_as(pod& state, const user& who, const std::string& stream, draft what,
                              time_point now);
answer<bool> reply_to_form_as(pod& state, const user& who, const form_reply& what, time_point now);
/// The IM of these users with the first of them, opened when there is none.
answer<std::string> im_of(pod& state, const user& who, const std::vector<uid>& others,
                          time_point now);

} // namespace tutti::emulator
