#pragma once

#include "client/capsule/tape.hpp"

#include <string>

namespace provphone::client::replay {

// What came to a phone, for people: `GET http://h/p was answered 404`.
std::string words_of(const capsule::Entry& entry, const capsule::Tape& tape);

// `0:10:00`, `1:02:03.500`: a time of the run.
std::string clock_form(resync::Time time);

}  // namespace provphone::client::replay
