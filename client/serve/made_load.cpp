#include "client/serve/made_load.hpp"

#include "resync/load.hpp"

#include <fmt/format.h>

namespace provphone::client::serve {

std::optional<Content> made_load(const MadeLoads& loads, const std::string& path) {
  if (!path.starts_with(loads.folder + '/') || !resync::is_called_load(path)) return std::nullopt;
  if (!resync::is_list_of_parts(path)) return Content(FilledFile{loads.octets});
  const auto name = resync::load_name(path);
  // Real lists begin with a signature.
  std::string list("\1provphone\0", 11);
  for (std::uint32_t part = 1; part <= loads.parts; ++part)
    list += fmt::format("{}-part{}.sbn\n", name, part);
  return Content(std::move(list));
}

}  // namespace provphone::client::serve
