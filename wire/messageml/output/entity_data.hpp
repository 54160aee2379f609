// The entity data of a message (EntityJSON): what a message is given, and what its tags add.
#pragma once

#include <wire/messageml/fault.hpp>
#include <wire/messageml/grammar/tree.hpp>
#include <wire/messageml/xml/xml.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tutti::messageml {

/// The object given; blank: none. A JSON text that holds an object counts as that object, and what
/// follows the object is not looked at, as the agent does. It lasts as long as `storage`.
std::variant<boost::json::object, fault> read_entities(std::string_view data,
                                                       boost::json::storage_ptr storage = {});

/// Every `data-entity-id` in the message has to name an object.
void check_entity_ids(const xml::node& root, const boost::json::object& entities, faults& found);

/// What the data says of an entity. The id may be anywhere in it, once.
struct entity_facts {
  std::size_t count = 0;
  std::string type;
  bool type_is_text = true;
  /// Of its first id.
  std::optional<std::string> value;
};
entity_facts entity_with(const boost::json::object& entities, std::string_view id);

/// Adds the entities of the message. False when one of the author's own is not where it is used, or
/// a key is taken by what is no object.
bool add_entities(const element& root, boost::json::object& entities);

} // namespace tutti::messageml
