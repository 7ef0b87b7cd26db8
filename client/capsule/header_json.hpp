#pragma once

#include "client/capsule/capsule.hpp"
#include "client/capsule/stimulus_json.hpp"

#include <string>

// What stands in a capsule before what came to its phones, an object a line.
namespace provphone::client::capsule {

nlohmann::ordered_json manifest_json(const Manifest& manifest);
nlohmann::ordered_json source_json(const Source& source, const Rewrite& rewrite);
nlohmann::ordered_json file_json(const NamedFile& file, const Rewrite& rewrite);
nlohmann::ordered_json clock_json(const resync::WallClock& wall);
nlohmann::ordered_json asked_json(const std::string& asked, const Rewrite& rewrite);
nlohmann::ordered_json body_json(std::size_t place, const std::string& body);

// Takes one of these. Throws nlohmann::json::exception for what is not as expected; objects that
// are not known are passed over.
void take_header(const nlohmann::ordered_json& json, Capsule& capsule);

}  // namespace provphone::client::capsule
