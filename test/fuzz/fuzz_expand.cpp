#include "macro/expand.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone::macro;

// Looks every name up in three phones: one that knows nothing, one whose values hold macros, one
// that knows secrets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const Lookup nothing = [](std::string_view, std::string&) { return false; };
  const std::string same = expand(text, nothing, SecretScope::key_uid_and_pwd);
  if (text.find("$$") == std::string_view::npos && same != text) std::abort();

  const Lookup nested = [](std::string_view name, std::string& out) {
    out.append("$").append(name).append("\"] $(MA:1)[--key ");
    return name.size() % 3 != 0;
  };
  // A lookup that fails leaves the text alone; this one keeps to that.
  const Lookup honest = [&nested](std::string_view name, std::string& out) {
    const std::size_t size_before = out.size();
    const bool known = nested(name, out);
    if (!known) out.resize(size_before);
    return known;
  };
  expand(text, honest, SecretScope::key_uid_and_pwd);
  expand(text, honest, SecretScope::key);

  bool told = false;
  const Lookup secrets = [&told](std::string_view name, std::string&) {
    told = told || name == "SA";
    return true;
  };
  expand(text, secrets, SecretScope::nowhere);
  if (told) std::abort();
  return 0;
}
