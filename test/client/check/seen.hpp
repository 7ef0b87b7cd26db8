#pragma once

#include "client/check/checks.hpp"

#include <string>

// What an audit of a server without fault would have seen, to be spoilt by each test in its own
// way.
namespace provphone::test {

using client::check::Answer;
using client::check::ClientRole;
using client::check::Exchange;
using client::check::Judgement;
using client::check::Observations;
using client::check::Outcome;
using client::check::ProbeTarget;
using client::check::State;

// HTTPS with client certificates, each bound to its file.
Observations good_https();
// The same file over HTTP behind a login, and over TFTP.
Observations good_http();
Observations good_tftp();

// Status 200 with a Content-Length.
Answer file(const std::string& body);
Answer status(int number);
Answer failure(Errc code);

std::string profile_of(const std::string& elements);

// The answer to the one question of that kind.
Answer& answer_to(Observations& seen, ProbeTarget target, ClientRole role);
void forget(Observations& seen, ProbeTarget target, ClientRole role);

Outcome outcome_of(const Observations& seen, const std::string& id);
Judgement judgement_of(const Observations& seen, const std::string& id);

}  // namespace provphone::test
