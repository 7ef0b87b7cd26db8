#include "client/cli/demo/demo.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"

#include <unistd.h>

#include <iostream>

namespace provphone::client::cli {
namespace {

Exit demo() {
  // A file or a pipe gets no escape sequences.
  const auto colour = isatty(STDOUT_FILENO) != 0 ? report::Colour::on : report::Colour::off;
  const auto outcome = demo::run_demo(std::cout, colour);
  if (!outcome) return complain(outcome.error());
  if (*outcome == demo::Outcome::every_phone_provisioned) return Exit::as_expected;
  complain("not every phone was provisioned in time");
  return Exit::failed;
}

}  // namespace

Command demo_command() {
  return {"demo", "a server and four phones on loopback, in less than a minute", {}, "", demo};
}

}  // namespace provphone::client::cli
