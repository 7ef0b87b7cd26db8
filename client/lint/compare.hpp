#pragma once

#include "profile/decode.hpp"
#include "resync/device.hpp"

#include <string>
#include <vector>

// What a file changes on a phone that has had another one.
namespace provphone::client::lint {

struct Changed {
  profile::ParameterId id;
  std::string before, after;  // a secret that is set is hidden
  bool restarts = false;      // R-RESYNC-45
  bool is_rule = false;       // it says where the phone looks for something
};

struct Comparison {
  std::vector<Changed> changed;  // in the order of the newer file
  // Set by the older file and not by the newer: the phone keeps them (R-XML-08).
  std::vector<profile::ParameterId> kept;
};

// `phone` is as it was before the older file.
Comparison compare(const profile::Decoded& older, const profile::Decoded& newer,
                   const resync::Device& phone);

}  // namespace provphone::client::lint
