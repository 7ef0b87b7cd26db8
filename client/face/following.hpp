#pragma once

#include "resync/brought.hpp"
#include "resync/device.hpp"
#include "resync/machine_values.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a phone does because of somebody who came to it, by HTTP or by SIP.
namespace provphone::client::face {

struct Following {
  resync::Event event;
  std::shared_ptr<const resync::Brought> brought;  // null: nothing comes along
};

// A pass with the rule that an argument stands for (R-FACE-03); without one, of the configured
// rules. `asker` is an address.
Following resync_by(resync::ResyncRequested request, std::string_view argument,
                    std::string_view asker, const resync::Device& device);

// Behind `Resync:`, of an item of an Execute object (R-FACE-07); nothing where the item is another.
std::optional<std::string_view> resync_argument(std::string_view item);

}  // namespace provphone::client::face
