#pragma once

#include "client/lint/finding.hpp"
#include "profile/decode.hpp"
#include "resync/device.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A profile by itself, judged as a phone would read it.
namespace provphone::client::lint {

struct Linted {
  // Those about the whole file first, then by their places.
  std::vector<Finding> findings;
  // What positions are in: without outer layers and byte order mark. May hold secrets.
  std::string text;
  // What a phone makes of the file; nothing where it refuses it.
  std::optional<profile::Decoded> content;
};

// `options` are those of the phone (resync/reading.hpp) with the rule's key and whatever else a
// server says; `phone` is as the file finds it, and is not changed. Takes any octets.
Linted lint(std::string_view bytes, const profile::DecodeOptions& options,
            const resync::Device& phone);

// The worst of them; nothing where there are none.
std::optional<Severity> worst_of(const std::vector<Finding>& findings);

}  // namespace provphone::client::lint
