#include "client/lint/finding.hpp"
#include "macro/enum_array.hpp"

namespace provphone::client::lint {
namespace {

constexpr std::string_view compare_names =
    "Compare with `provphone parameters NAME`: spelling, letter case, underscores.";
constexpr std::string_view only_if_meant = "Nothing, if it is meant so.";

// In the order of Kind.
constexpr EnumArray<Kind, KindRow> kinds{{
    {"LINT-UNREADABLE", Severity::high, "a phone refuses the file",
     "Mend the place that is named; for an encrypted file give --key."},
    {"LINT-NO-PROFILE", Severity::high, "no flat-profile in the file",
     "Put the parameters into one element flat-profile."},
    {"LINT-ENCODING", Severity::low, "octets that are no UTF-8",
     "Write the file in UTF-8, and declare that or nothing."},
    {"LINT-TEMPLATE", Severity::medium, "a template that was not filled in",
     "Look why the program that makes the file has left it."},
    {"LINT-NAME-SPELLING", Severity::medium, "a parameter's name is spelt otherwise",
     "Spell it as phones do: letter case, underscores and all."},
    {"LINT-NAME-MISPRINT", Severity::medium, "a name that guides misprint",
     "Use the name that phones print."},
    {"LINT-NAME-NUMBER", Severity::info, "a number beyond those of its family", only_if_meant},
    {"LINT-NAME-FAMILY", Severity::info, "a parameter of other phones", only_if_meant},
    {"LINT-NAME-UNKNOWN", Severity::info, "a name that no source has", compare_names},
    {"LINT-OUTSIDE", Severity::medium, "a parameter outside flat-profile",
     "Move it into flat-profile."},
    {"LINT-VALUE", Severity::medium, "a value that is ruled out",
     "Use what `provphone parameters NAME` says is allowed."},
    {"LINT-ATTRIBUTE", Severity::low, "an attribute that phones pass over",
     "Leave it out, or use one that this firmware reads."},
    {"LINT-NESTED", Severity::medium, "elements where a value is due",
     "Escape < and & in the value, or close the element in front."},
    {"LINT-READ-AS", Severity::medium, "a value that is read otherwise than it is written",
     "Write it as docs/behaviour/resync.md has it."},
    {"LINT-DOUBLED", Severity::low, "a parameter that is set more than once",
     "Leave one of the elements; the last one counts."},
    {"LINT-CONTRADICTORY", Severity::low, "two values that do not go together",
     "Leave out the one that does not count."},
    {"LINT-SECRET", Severity::low, "a secret in clear",
     "Encrypt the file, or serve it over HTTPS to the phone's own certificate alone."},
    {"LINT-STORED", Severity::info, "parameters that provphone only stores", only_if_meant},
    {"LINT-RULE-EMPTY", Severity::high, "no profile rule is left",
     "Leave Profile_Rule out of the file, or set it."},
    {"LINT-RULE-UNREADABLE", Severity::high, "a rule that cannot be read",
     "Try it with `provphone rule TEXT` until it can."},
    {"LINT-RULE-TEXT", Severity::medium, "something in a rule was hardly meant so",
     "Try it with `provphone rule TEXT`."},
    {"LINT-NEXT", Severity::info, "what a rule leads to", only_if_meant},
    {"LINT-OFF", Severity::high, "the phone is told to ask for nothing any more",
     "Leave Provision_Enable at Yes."},
    {"LINT-TRIGGER", Severity::medium, "a trigger that never holds",
     "Try it with `provphone condition TEXT`."},
    {"LINT-PERIOD-SHORT", Severity::medium, "a period of less than a minute",
     "Let the last wait of Resync_Periodic be a minute or more: it repeats for ever."},
    {"LINT-PERIOD-OFF", Severity::low, "no pass comes by itself", only_if_meant},
    {"LINT-RETRY-SHORT", Severity::medium, "a failed pass is tried again within a minute",
     "Begin Resync_Error_Retry_Delay with a minute or more, and let it grow."},
    {"LINT-RETRY-OFF", Severity::medium, "a failed pass is not tried again",
     "Give Resync_Error_Retry_Delay a list of waits."},
    {"LINT-RESTART", Severity::info, "a change that takes a restart", only_if_meant},
}};

}  // namespace

const KindRow& row_of(Kind kind) {
  return kinds[kind];
}

Finding finding_of(Kind kind, std::string_view parameter, std::string text) {
  return {kind, row_of(kind).severity, std::string(parameter), std::nullopt, std::move(text)};
}

}  // namespace provphone::client::lint
