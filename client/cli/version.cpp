#include "client/cli/version.hpp"

#include "client/figures/version.hpp"
#include "client/transport/libraries.hpp"

#include <fmt/format.h>
#include <zlib.h>

namespace provphone::client::cli {

std::string version_text() {
  return fmt::format("provphone {}\ncommit {}\n{}, zlib {}", figures::version,
                     build_commit.empty() ? "not known" : build_commit,
                     transport::loaded_libraries(), zlibVersion());
}

}  // namespace provphone::client::cli
