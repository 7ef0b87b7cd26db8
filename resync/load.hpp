#pragma once

#include "macro/error.hpp"
#include "resync/personality.hpp"

#include <string>
#include <string_view>
#include <vector>

// Firmware loads as a phone sees them: what a file's name says, and what is in it (behaviour rules
// R-UPGRADE-02 and R-UPGRADE-11 to R-UPGRADE-13).
namespace provphone::resync {

// `sip88xx.11-3-2MPP0001-609` of `/fw/sip88xx.11-3-2MPP0001-609.loads?x`.
std::string_view load_name(std::string_view path);

// What a phone that has loaded the file says it runs: the load's name, or the version in it, as the
// family has it. A name in which there is no version stands for itself.
std::string firmware_of(std::string_view path, const Personality& personality);

// Whether the file of that path is no load itself but names the parts of one.
bool is_list_of_parts(std::string_view path);

// Whether that is what a load of enterprise firmware is called (R-UPGRADE-13):
// `sip78xx.14-1-1MN-366`, `sip88xx.12-8-1-0001-455`. The versions of MPP firmware have an `M`
// behind a number, with another letter than `N`: `11-2-3MSR1-1`.
bool is_enterprise_load(std::string_view load);

// Whether that is how such a list, or a load that has no list, or a part is called.
bool is_called_load(std::string_view path);

// More than any load has.
inline constexpr std::size_t most_parts = 64;

// The files that such a list names, each once, in its order. Lists are signed binary files, of
// which names are all that counts here. At most `most_parts`.
std::vector<std::string> parts_in(std::string_view list);

// Fails with not_licensed where a file begins as a page does. What is in a licence nobody has
// published (R-UPGRADE-13).
Result<void> check_licence(std::string_view beginning);

// Fails with not_a_load where a file begins as no load does: as a page, a profile or another text.
Result<void> check_load(std::string_view beginning);

}  // namespace provphone::resync
