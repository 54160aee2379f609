// From XML to a checked tree: the validator.
#pragma once

#include <wire/messageml/grammar/tree.hpp>
#include <wire/messageml/known.hpp>
#include <wire/messageml/xml/xml.hpp>

#include <boost/json/object.hpp>

#include <optional>

namespace tutti::messageml {

/// Checks a message. `entities` is the entity data given with it. Puts what is wrong into `found`,
/// in the order of the text where that is possible; without a fault the tree is whole. `version` as
/// it came with the request; nothing for none.
document build(const xml::node& root, const boost::json::object& entities, const known& facts,
               const std::optional<std::string>& version, faults& found);

/// Finds out what a mention or an instrument shows, or that a pod does not know it.
void resolve(element& made, const std::vector<kind>& above, const known& facts, faults& found);

/// Checks what no column of the table says of an element. `above` are the kinds around it, from the
/// root on.
void check_rules(const element& one, const std::vector<kind>& above, faults& found);

/// The same for the whole message: targets of actions, and chimes.
void check_message(const element& root, faults& found);

} // namespace tutti::messageml
