#include "client/check/detail/facts.hpp"
#include "client/identity/roots.hpp"
#include "macro/ascii.hpp"
#include "resync/load.hpp"
#include "resync/model.hpp"

#include <fmt/format.h>

#include <algorithm>

// What a file sends the phone to beside further profiles: its load, roots and the place of its
// reports (behaviour rules R-UPGRADE-*, R-TLS-19 and R-REPORT-*).
namespace provphone::client::check::detail {
namespace {

// Nothing where the place was not asked, or where somebody has said that it is not to be.
std::optional<Outcome> why_not_asked(const Facts& facts) {
  if (facts.own == nullptr) return not_asked(facts, "the server does not answer");
  if (facts.own->error && facts.own->error->code == Errc::target_refused)
    return not_made(facts.own->error->detail);
  return std::nullopt;
}

// Why no TLS connection came about, so that nothing could be asked; empty: it did, or was not
// tried.
std::string_view closed_door(const Facts& facts) {
  const auto& tls = facts.seen.tls;
  if (facts.own != nullptr || !tls || tls->certificate || tls->versions.empty()) return {};
  return tls->failure;
}

// A load has more octets than an audit reads, and a phone the patience for it.
bool is_there(const Answer& answer) {
  if (is_success(answer)) return true;
  return answer.error && (answer.error->code == Errc::body_too_large ||
                          answer.error->code == Errc::transfer_timeout);
}

// RFC 9110, 15.5.6 and 15.6.2: the server knows the method, or does not, and says nothing of the
// file.
bool refuses_method(const Answer& answer) {
  return answer.status == 405 || answer.status == 501;
}

Outcome judge_load(const Facts& facts) {
  if (const auto door = closed_door(facts); !door.empty()) return found(door);
  if (auto why = why_not_asked(facts)) return *std::move(why);
  const auto& own = *facts.own;
  if (refuses_method(own))
    return not_made(in_words(own) + " for HEAD; the load itself is not fetched");
  return is_there(own) ? passed(in_words(own)) : found(in_words(own));
}

// `sip88xx` of `sip88xx.11-3-2MPP0001-609`.
std::string_view family_prefix(std::string_view load) {
  return load.substr(0, load.find_first_of(".-_"));
}

// Whether any model is known by that prefix: what is called otherwise tells nothing.
bool is_known_prefix(std::string_view prefix) {
  const auto models = resync::models();
  return std::any_of(models.begin(), models.end(), [&](const resync::Model& model) {
    return !model.load_prefix.empty() && ascii::equal_ignoring_case(model.load_prefix, prefix);
  });
}

Outcome judge_load_family(const Facts& facts) {
  const auto& phone = facts.seen.phone.identity;
  const auto* model = resync::find_model(phone.model);
  const auto load = resync::load_name(facts.seen.url.path);
  const auto prefix = family_prefix(load);
  if (model == nullptr || model->load_prefix.empty())
    return not_made("it is not known how loads of this model are called");
  if (!is_known_prefix(prefix))
    return not_made("the load's name says of no family that it is of it");
  if (ascii::equal_ignoring_case(prefix, model->load_prefix)) return passed(prefix);
  return found(fmt::format("{} is sent to {}; loads of a {} begin with {}", phone.model, load,
                           model->name, model->load_prefix));
}

Outcome judge_roots(const Facts& facts) {
  if (const auto door = closed_door(facts); !door.empty()) return found(door);
  if (auto why = why_not_asked(facts)) return *std::move(why);
  const auto& own = *facts.own;
  if (!is_success(own)) return found(in_words(own));
  const auto roots = identity::read_roots(own.body);
  if (!roots) return found(format(roots.error()));
  return passed();
}

Outcome judge_roots_way(const Facts& facts) {
  if (auto why = why_not_asked(facts)) return *std::move(why);
  if (!is_success(*facts.own)) return not_made("no roots come");
  if (facts.seen.is_https()) return passed();
  return found(fmt::format("over {}", name(facts.seen.url.scheme)));
}

Outcome judge_report(const Facts& facts) {
  if (facts.seen.is_tftp())
    return not_made("over TFTP a server is not asked without writing to it");
  if (const auto door = closed_door(facts); !door.empty()) return found(door);
  if (auto why = why_not_asked(facts)) return *std::move(why);
  if (facts.own->status != 0) return passed(in_words(*facts.own));
  return found(in_words(*facts.own));
}

Outcome judge_report_way(const Facts& facts) {
  if (facts.seen.is_https()) return passed();
  // R-REPORT-03
  if (facts.seen.has_key) return passed("reports are encrypted");
  return found(fmt::format("over {}", name(facts.seen.url.scheme)));
}

constexpr Check follow_catalogue[] = {
    {"CHK-LOAD-MISSING", Severity::high, "the load that the file names is not there",
     "It asks again after each of Upgrade_Error_Retry_Delay, and stays with the firmware it has.",
     nothing, "Put the load where Upgrade_Rule says, or take the rule away.", judge_load,
     Scope::file, FileKind::load},
    {"CHK-LOAD-FAMILY", Severity::high, "the load is of another family",
     "It fetches the whole load for nothing: no phone runs another family's firmware.", nothing,
     "Ask for the model in Upgrade_Rule: ($PN eq \"CP-8851-3PCC\")? URL.", judge_load_family,
     Scope::file, FileKind::load},
    {"CHK-CA-FILE", Severity::high, "the roots that the file names cannot be had",
     "It trusts the maker's roots alone, and refuses a server of another root.", nothing,
     "Serve certificates as PEM where Custom_CA_Rule says.", judge_roots, Scope::file,
     FileKind::roots},
    {"CHK-CA-PLAIN", Severity::high, "roots are fetched in the clear",
     "It trusts whatever certificates arrive.",
     "Answer in the server's place with a root of his own, and be trusted from then on.",
     "Serve the roots over HTTPS, under a root that the phone has.", judge_roots_way, Scope::file,
     FileKind::roots},
    {"CHK-REPORT-UNREACHABLE", Severity::medium, "reports lead to no server",
     "It sends its report and nobody takes it.", nothing,
     "Have Report_Rule lead to a server that answers, or take it away.", judge_report, Scope::file,
     FileKind::report},
    {"CHK-REPORT-PLAIN", Severity::low, "reports travel in the clear",
     "It sends all its values but passwords.", "Read how the phone is set up, from the network.",
     "Send reports over HTTPS, or encrypt them with --key.", judge_report_way, Scope::file,
     FileKind::report},
};

}  // namespace

std::span<const Check> follow_checks() {
  return follow_catalogue;
}

}  // namespace provphone::client::check::detail
