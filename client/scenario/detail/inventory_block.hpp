#pragma once

#include "client/scenario/detail/keys.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Groups whose phones are rows of a list: `inventory: phones.csv` and `where`.
namespace provphone::client::scenario {

// Inventories by their paths: groups may share one, which is read once.
using KnownInventories = std::map<std::string, std::shared_ptr<const Inventory>>;

// Phones of a group that are of one kind: a part of the group. What is empty is as the group says.
struct ListedKind {
  std::string model, firmware;
  std::optional<profile::Generation> generation;
  std::optional<Certificate> certificate;
  std::uint32_t first = 0, count = 0;  // positions in ListedPhones::rows
};

struct Listing {
  std::shared_ptr<const ListedPhones> phones;
  std::vector<ListedKind> kinds;  // by their first row in the file; positions ascend
};

// The rows of the file named by `file` that `where` picks: all where that is null. A value that no
// row has is refused. Rows are in the file's order, those of one kind together.
Result<Listing> as_listing(const Node& file, const Node* where, const Reading& reading,
                           KnownInventories& known);

// Where the phone at that position is written, as `phones.csv:12:3`. Reads the file again.
std::string place_of_listed(const Reading& reading, const Node& file, const ListedPhones& listed,
                            std::uint32_t position);

Result<profile::Generation> as_generation(const Node& node);

// `minted`, `none` and the like; nothing where it is another word.
std::optional<Certificate> certificate_named(std::string_view word);

}  // namespace provphone::client::scenario
