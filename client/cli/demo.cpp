#include "client/cli/demo/demo.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/terminal.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace provphone::client::cli {
namespace {

Exit demo(const std::string& when) {
  const auto colour = colour_of(when);
  if (!colour) return refuse_usage(colour.error());
  const auto outcome = demo::run_demo(std::cout, *colour);
  if (!outcome) return complain(outcome.error());
  if (*outcome == demo::Outcome::every_phone_provisioned) return Exit::as_expected;
  complain("not every phone was provisioned in time");
  return Exit::failed;
}

}  // namespace

Command demo_command() {
  auto when = std::make_shared<std::string>();
  return {"demo",
          "a server and four phones on loopback, in less than a minute",
          {{{colour_option(*when)}}},
          "Example:\n  provphone demo --color never",
          [when] { return demo(*when); }};
}

}  // namespace provphone::client::cli
