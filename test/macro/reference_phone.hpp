#pragma once

#include "macro/expand.hpp"
#include "macro/mac_address.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

// The phone that the tables of this folder are about.
namespace provphone::macro::test {

using Values = std::map<std::string, std::string, std::less<>>;

inline Values reference_values() {
  const MacAddress mac{0x000e08012345};
  return {
      {"MA", format_lower(mac)},
      {"MAU", format_upper(mac)},
      {"MAC", format_colons(mac)},
      {"PN", "CP-8841-3PCC"},
      {"PSN", "8841-3PCC"},
      {"SN", "88012BA01234"},
      {"SWVER", "sip88xx.11-3-2MPP0001-609"},
      {"HWVER", "2.0.1"},
      {"IP", "192.168.1.100"},
      {"EXTIP", ""},
      {"CCERT", "Installed"},
      {"A", "ABC"},
      {"B", "123"},
      {"C", "$MA"},
      {"SA", "MyUserID"},
      {"SB", "MySecretPassword"},
      {"PRVST", "-1"},
      {"PRVTMR", "700"},
      {"UPGTMR", "301"},
      {"REGTMR1", "0"},
      {"SCHEME", "http"},
      {"SERV", "10.0.0.5"},
      {"SERVIP", "10.0.0.5"},
      {"PORT", "80"},
      {"PATH", "/p.cfg"},
  };
}

inline Lookup lookup_in(Values values) {
  return [values = std::move(values)](std::string_view name, std::string& out) {
    const auto found = values.find(name);
    if (found == values.end()) return false;
    out.append(found->second);
    return true;
  };
}

// The reference phone, with some of its values replaced.
inline Lookup reference_phone(const Values& replaced = {}) {
  Values values = reference_values();
  for (const auto& [name, value] : replaced) values[name] = value;
  return lookup_in(std::move(values));
}

}  // namespace provphone::macro::test
