#pragma once

#include "client/capsule/tape.hpp"

#include <string>

namespace provphone::client::replay {

// What came to a phone, for people: `GET http://h/p was answered 404`.
std::string words_of(const capsule::Entry& entry, const capsule::Tape& tape);

}  // namespace provphone::client::replay
