#include "client/scenario/inventory.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::client::scenario;

namespace {

// Bad input is one line with a place.
void check_error(const Error& error) {
  if (error.code != Errc::scenario_invalid) std::abort();
  if (!error.detail.starts_with("fuzz:")) std::abort();
  for (const char c : error.detail) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto inventory = parse_inventory(input, "fuzz");
  if (!inventory) {
    check_error(inventory.error());
    return 0;
  }
  if (inventory->rows() == 0 || inventory->fingerprint == 0) std::abort();
  std::size_t octets = 0;
  for (std::size_t row = 0; row < inventory->rows(); ++row)
    for (const auto& column : inventory->columns) octets += column[row].size();
  // Values that rows share are in the file once a row all the same.
  if (octets > size) std::abort();
  if (!place_in(*inventory, input, inventory->rows() - 1, std::nullopt).starts_with("fuzz:"))
    std::abort();
  return 0;
}
