#pragma once

#include "client/expect/detail/text_owners.hpp"
#include "client/scenario/scenario.hpp"

#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::expect {

// What may give a phone away. `address` is the MAC address.
enum class Datum : std::uint8_t { address, serial, user_name, secret };

std::string_view name(Datum datum);  // for a person

// Something of `owner` stands in a document. Numbers are the scenario's.
struct Mention {
  std::uint32_t owner;
  Datum datum;

  friend bool operator==(const Mention&, const Mention&) = default;
};

// Something of `owner` stands in what `phone` was sent. Numbers are the scenario's.
struct Incident {
  std::uint32_t phone, owner;
  Datum datum;

  friend bool operator==(const Incident&, const Incident&) = default;
};

inline constexpr std::size_t max_incidents = 10;  // of one document; more go unsaid

// The mentions that are of other phones than `phone`, the first max_incidents of them.
std::vector<Incident> foreign_to(std::uint32_t phone, const std::vector<Mention>& mentions);

// What belongs to exactly one phone of a scenario: its address, its serial number, and the user
// names and secrets that the scenario sets or expects. What several phones have is nobody's. 18
// octets for each text, no matter how long: hashes alone, so that no secret is kept. Addresses are
// ranges. Safe to read from several threads.
class Identities {
 public:
  // Takes time for each phone. `scenario` is not kept.
  explicit Identities(const scenario::Scenario& scenario);

  // Whom `document`, a decoded profile, names: one pass over its tokens, whatever they stand in.
  // Each datum of each owner once, in the document's order, and as many as foreign_to() wants,
  // whichever phone it is asked for.
  std::vector<Mention> named_in(std::string_view document) const;
  // What `document` says of other phones than `phone`.
  std::vector<Incident> foreign_in(std::uint32_t phone, std::string_view document) const;

 private:
  friend class DocumentScan;

  // Where a text counts: the more it might stand somewhere for another reason, the less it counts.
  // Below six octets in an element of its own kind alone, without a letter where it is an element's
  // whole text, else anywhere.
  enum class Scope : std::uint8_t { own_element, whole_text, anywhere };

  // A text that is taken for its hash: two texts with one hash, which 64 bits make unlikely, would
  // be one.
  struct Known {
    std::uint32_t owner;
    Datum datum;
    Scope scope;
    std::uint8_t family;  // of element names
  };
  struct AddressRange {
    std::uint64_t first, count;
    std::uint32_t phone;  // the first one
  };
  // A text that some phones have each in its own way.
  struct Source;

  static void each_source(const scenario::Scenario& scenario,
                          const std::function<void(const Source&)>& take);
  void add_addresses(const scenario::PhoneGroup& group);
  void add(const scenario::Scenario& scenario, const Source& source);
  void add(const Known& what, std::string_view text);
  std::uint8_t family_of(std::string_view element);
  // Of its length and beginning: whether find() need be asked.
  bool may_know(std::string_view text) const { return openings_[opening_of(text)]; }
  static std::size_t opening_of(std::string_view text);
  std::optional<Known> find(std::uint64_t hash) const;
  const AddressRange* range_of(std::uint64_t address) const;

  std::vector<AddressRange> addresses_;  // by the first one
  std::vector<std::string> families_;    // how elements begin that hold such a datum, folded
  detail::TextOwners texts_;
  std::bitset<1U << 16U> openings_;
  // Of all texts: a token of another length need not be looked up.
  std::size_t shortest_ = SIZE_MAX, longest_ = 0;
};

}  // namespace provphone::client::expect
