#include "client/figures/detail/tested_json.hpp"

namespace provphone::client::figures {

nlohmann::ordered_json tested_json(const Tested& tested) {
  auto generators = nlohmann::ordered_json::array();
  for (const auto& [host, processors] : tested.generators)
    generators.push_back({{"host", host}, {"processors", processors}});
  return {{"targets", tested.targets},   {"transports", tested.transports},
          {"models", tested.models},     {"overrides", tested.overrides},
          {"commands", tested.commands}, {"generators", std::move(generators)},
          {"versions", tested.versions}};
}

Tested read_tested(const Member& from) {
  Tested tested;
  tested.targets = from["targets"].texts();
  tested.transports = from["transports"].texts();
  tested.models = from["models"].texts();
  tested.overrides = from["overrides"].texts();
  tested.commands = from["commands"].texts();
  for (const auto& generator : from["generators"].list())
    tested.generators.push_back(
        {generator["host"].text(), generator["processors"].whole<unsigned>(most_small)});
  tested.versions = from["versions"].texts();
  return tested;
}

}  // namespace provphone::client::figures
