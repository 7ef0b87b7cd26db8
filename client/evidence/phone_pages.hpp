#pragma once

#include "client/evidence/device_page.hpp"
#include "macro/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::evidence {

// A real phone, as its web server tells of it.
struct PhonePages {
  std::string config;  // cfg.xml
  std::string status;  // status.xml; empty: it has none
};

// What a virtual phone with this configuration would do otherwise than that phone; sentences for
// people, without values.
struct PhoneDifferences {
  DevicePage device;                   // of both pages
  std::size_t acting = 0, stored = 0;  // parameters that it sets, by what they do here
  // Names of those that belong to provisioning, differ from the factory's value, and are only
  // stored here, each with why.
  std::vector<std::string> idle;
  std::vector<std::string> unknown;  // elements that are no parameters here
  std::string about_model;           // empty: it is one that is known
};

// Fails with bad_argument where the pages are none of a phone's, and with what a profile is refused
// for.
Result<PhoneDifferences> differences_of(const PhonePages& pages);

// A scenario of that phone, whose configuration is in the file `config`; comments say what differs.
std::string scenario_of(const PhoneDifferences& phone, std::string_view url,
                        std::string_view config);

}  // namespace provphone::client::evidence
