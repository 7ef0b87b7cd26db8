#pragma once

#include <random>
#include <string>

// Profiles that nobody wrote, the same for the same seed.
namespace provphone::profile::samples {

// Well-formed, with a few of everything that profiles may hold.
std::string generated_profile(std::mt19937& random);

// `text` with one to three places cut out, doubled, or written over, mostly with pieces of markup.
std::string mutated(std::mt19937& random, std::string text);

}  // namespace provphone::profile::samples
