#pragma once

#include <string_view>

// The files of fixtures/demo, embedded at build time, so that the demo needs no file.
namespace provphone::client::demo {

extern const std::string_view lobby_xml;
extern const std::string_view office_xml;
extern const std::string_view boardroom_key_xml;
extern const std::string_view boardroom_xml;
extern const std::string_view warehouse_xml;

// The phrase that boardroom-key.xml hands out.
inline constexpr std::string_view boardroom_phrase = "a phrase that only this phone is told";

}  // namespace provphone::client::demo
