// An answer as it goes over the wire, right or with something wrong with it.
#pragma once

#include <emulator/server/faults.hpp>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>

namespace tutti::emulator {

using response_type = boost::beast::http::response<boost::beast::http::string_body>;

/// The bytes to write.
std::string bytes_of(const response_type& answer);

/// The same with what is wrong with it; what is wrong with the connection is the writer's business.
std::string bytes_of(response_type answer, const fault& wrong);

} // namespace tutti::emulator
