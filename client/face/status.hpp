#pragma once

#include "client/face/html.hpp"
#include "client/face/memory.hpp"
#include "resync/device.hpp"
#include "resync/phone_clock.hpp"

#include <vector>

// What a phone says of itself, on its pages and in status.xml.
namespace provphone::client::face {

// A phone as it is asked, at one moment. Refers to all of it.
struct Seen {
  const resync::Device& device;
  const resync::Phone& machine;
  const Memory& memory;
  const resync::WallClock& wall;
  resync::Time now;
};

struct Section {
  std::string_view heading;
  std::vector<Row> rows;
};

// What has been fetched: loads, profiles, roots, and certificates where the phone renews its own
// (R-FACE-06). Labels are those of the phones' pages.
std::vector<Section> downloads_of(const Seen& seen);

// The product, that, and the reboots.
std::vector<Section> status_of(const Seen& seen);

// The same as a phone writes it.
std::string status_xml(const Seen& seen);

}  // namespace provphone::client::face
