#pragma once

#include "macro/error.hpp"

#include <functional>
#include <string>

// The folder in which provphone keeps from run to run what costs much to make: the keys of devices,
// and what a device root has signed for them.
namespace provphone::client::identity {

struct Keeping {
  std::string folder;  // empty: nothing is kept, and everything made anew
  // Told, a line each, why something is not kept after all; may be empty. Nothing fails for that.
  std::function<void(const std::string& why)> on_remark{};

  void remark(const Error& why) const {
    if (on_remark) on_remark(why.detail + "; certificates are signed anew in every run");
  }
};

// $PROVPHONE_CACHE, or provphone in $XDG_CACHE_HOME or in ~/.cache; empty where the first is `off`,
// or where there is no home.
std::string usual_cache_folder();

// Makes the folder, for its owner alone, where it is not there. Fails with unreadable_file: it
// cannot be made, is somebody else's, or others may write there.
Result<void> make_private_folder(const std::string& folder);

// Files of the kind that ends with `ending`, the one that was used longest ago first, are taken
// away until no more than so many of them, and of their octets, are left. Whoever has one open goes
// on with it.
struct MostKept {
  std::size_t files;
  std::uintmax_t octets;
};
void take_oldest_away(const std::string& folder, const std::string& ending, const MostKept& most);

}  // namespace provphone::client::identity
