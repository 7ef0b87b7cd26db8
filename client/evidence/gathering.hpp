#pragma once

#include "client/evidence/sighting.hpp"
#include "client/scenario/lease_file.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace provphone::client::evidence {

// What became of the lines that were taken.
struct Gathered {
  Seen seen;
  std::size_t doubled = 0;    // the same line at the same time once more; they are left out
  std::size_t of_others = 0;  // requests and messages that no phone made: browsers, tools, robots
};

// Takes what lines say, in any order and of any number of logs, and parts it by phone. How sure
// that is is in SeenPhone::sureness, which is that of the line that is least sure:
//
// - certificate: the subject has the MAC address;
// - named: User-Agent, path or query has the MAC address or the serial number, or a trace names the
//   phone. So is what does not, such as a file for all phones, where it comes from an address at
//   which one phone alone was named, or one alone within an hour;
// - leased: the address is in the lease file, and no phone was named there;
// - by_address: what is left, as far as its User-Agent is none of a browser or tool, or there is
//   none.
//
// Two phones behind one address are two as far as they are named; what neither is named by stays
// with the address. A phone that comes from several addresses is one.
class Gathering {
 public:
  Gathering();
  ~Gathering();
  Gathering(Gathering&&) noexcept;
  Gathering& operator=(Gathering&&) noexcept;

  // `line` is the text that says so, by which doubled ones are found.
  void take(const Sighting& sighting, std::string_view line);

  // Once, behind the last line; nothing is left in here. `resolution` is a second where a tenth of
  // the lines has whole ones.
  Gathered finish(const std::vector<scenario::LeasedPhone>& leases);

 private:
  struct Store;
  std::unique_ptr<Store> store_;
};

}  // namespace provphone::client::evidence
