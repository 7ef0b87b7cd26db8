#pragma once

#include "client/drive/phone.hpp"

#include <cstddef>
#include <memory>
#include <vector>

// Used by one driver, on its thread alone. Indices run from 0 to count() - 1 and keep their
// meaning.
namespace provphone::client::drive {

// Where the phones of a run in real time are while nothing is under way with them. The driver takes
// a phone out to do something with it and brings it back when it rests, so that whoever has very
// many of them can keep each in little space.
class Phones {
 public:
  virtual ~Phones() = default;

  virtual std::size_t count() const = 0;

  // What the phone is called in the run: names its random streams.
  virtual std::uint32_t number(std::size_t index) const = 0;

  // Out: the phone must be there, and no longer is. Back again: as it is by then.
  virtual DrivenPhone take(std::size_t index) = 0;
  virtual void bring_back(std::size_t index, DrivenPhone phone) = 0;

  // A look at a phone that is there.
  virtual DrivenPhone copy(std::size_t index) const = 0;

  // For a phone without `tls` that is about to ask over https; what it gets is in the phone that is
  // brought back. Null: it has none. An error is the retrieval's failure, and nothing is asked.
  virtual Result<std::shared_ptr<const identity::TlsIdentity>> tls(std::size_t index) = 0;

  // What files came to for phones alike; see resync/apply.hpp. Null: nobody remembers.
  virtual resync::FileCache* file_cache() { return nullptr; }
};

// Few phones, kept as they are, each with its place as its number; settings are made where they are
// missing.
std::shared_ptr<Phones> kept_phones(std::vector<DrivenPhone> phones);

}  // namespace provphone::client::drive
