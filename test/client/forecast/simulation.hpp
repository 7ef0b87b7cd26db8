#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// Random scenarios, and the smallest one that still breaks what it broke.
namespace provphone::test {

struct Sketch {
  std::uint64_t seed = 0;
  std::vector<std::string> groups;  // a line of YAML each, as the rest
  std::vector<std::string> events;
  std::vector<std::string> outages;
  std::vector<std::string> profiles;
  std::vector<std::string> answers;
  std::string server;
  std::string trouble;
};

// A function of the seed.
Sketch random_sketch(std::uint64_t seed);

std::string yaml_of(const Sketch& sketch);

// What is wrong with a scenario, in words; nothing where all is well.
using Check = std::function<std::optional<std::string>(const Sketch&)>;

// Takes parts out of a sketch that fails for as long as it still fails.
Sketch shrunk(Sketch failing, const Check& check);

}  // namespace provphone::test
