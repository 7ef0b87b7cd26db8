#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/phone_flags.hpp"
#include "macro/condition.hpp"

#include <iostream>
#include <memory>

// The commands that evaluate one text for the phone that the flags describe: expand and condition.
namespace provphone::client::cli {
namespace {

struct TextFlags {
  PhoneFlags phone;
  std::string text;
};

std::string expanded(const drive::DrivenPhone& setup, const std::string& text) {
  return resync::expand_rule(text, setup.device.macros());
}

Exit expand(const TextFlags& flags) {
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  std::cout << expanded(*setup, flags.text) << '\n';
  return Exit::as_expected;
}

Exit condition(const TextFlags& flags) {
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  const auto holds = macro::evaluate_condition(expanded(*setup, flags.text),
                                               resync::dialect_of(setup->device.personality),
                                               setup->device.identity.firmware);
  // R-COND-03: what a phone cannot read is neither true nor false.
  if (!holds) return complain(resync::as_typed(holds.error(), flags.text, setup->device.macros()));
  std::cout << (*holds ? "true" : "false") << '\n';
  return Exit::as_expected;
}

std::vector<OptionGroup> text_options(TextFlags& flags) {
  const OptionGroup text{
      {{"TEXT", flags.text, "", "the text, in one argument", Presence::required}}};
  return {text, phone_options(flags.phone)};
}

}  // namespace

Command expand_command() {
  auto flags = std::make_shared<TextFlags>();
  return {"expand", "what a text's macros stand for", text_options(*flags),
          "Example:\n  provphone expand 'http://h/$PSN/$(MAU:6).cfg' --mac 000e08abcdef",
          [flags] { return expand(*flags); }};
}

Command condition_command() {
  auto flags = std::make_shared<TextFlags>();
  return {"condition", "whether a condition holds: prints true or false", text_options(*flags),
          "Example:\n  provphone condition '$UPGTMR gt 300 and $PRVTMR ge 600' --set UPGTMR=301 "
          "--set PRVTMR=600\n"
          "Exit status: 0 evaluated, 1 a phone could not read it, 2 wrong usage.",
          [flags] { return condition(*flags); }};
}

}  // namespace provphone::client::cli
