#pragma once

#include "client/expect/identities.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace provphone::client::expect {

// What documents say of other phones, each document searched once while it is remembered: what it
// names is the document's own, whoever it was sent to, and files that many phones get are the rule.
// Remembers a few dozen by hash and size, and no text of them. For one thread.
class KnownDocuments {
 public:
  // `identities` is shared with other threads and is not null.
  explicit KnownDocuments(std::shared_ptr<const Identities> identities);

  // As Identities::foreign_in().
  std::vector<Incident> foreign_in(std::uint32_t phone, std::string_view document);

 private:
  struct Known {
    std::uint64_t hash = 0;
    std::size_t size = SIZE_MAX;  // of no document
    std::vector<Mention> mentions;
  };

  std::shared_ptr<const Identities> identities_;
  std::array<Known, 64> known_;  // by hash; the later of two takes the place
};

}  // namespace provphone::client::expect
