#include "test/client/forecast/simulation.hpp"

#include "resync/random.hpp"

#include <fmt/format.h>

#include <array>

namespace provphone::test {
namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : key_(resync::mix(seed)) {}

  int below(int limit) {
    return static_cast<int>(resync::mix(key_ + ++count_) % static_cast<std::uint64_t>(limit));
  }
  bool in_ten(int chances) { return below(10) < chances; }
  template <std::size_t n>
  std::string_view of(const std::array<std::string_view, n>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(n)))];
  }

 private:
  std::uint64_t key_;
  std::uint64_t count_ = 0;
};

// Texts stand between double quotes in YAML.
constexpr std::array<std::string_view, 20> rules{
    "http://h.example.net/$MA.xml",
    "tftp://h.example.net/x",
    "",
    "no server at all",
    "/dhcp.xml",
    "($PRVST eq 1)? http://h.example.net/periodic",
    "(GPP_B = \\\"$PRVTMR\\\";)!",
    "(GPP_C = \\\"$ERR\\\";)! http://10.0.0.1/assigned.xml",
    "(\\\"$SERV\\\" eq \\\"10.0.0.1\\\")? http://10.0.0.2/second.xml | http://10.0.0.1/first.xml",
    "(\\\"$ERR\\\" eq \\\"\\\")? http://10.0.0.1/ok.xml | tftp://10.0.0.2/err.xml",
    "(\\\"$PATH\\\" eq \\\"/x\\\")? http://10.0.0.1/behind | tftp://10.0.0.3/x",
    "(\\\"$SCHEME\\\" eq \\\"tftp\\\")? http://10.0.0.1/$SERVIP.xml | tftp://10.0.0.1/y",
    "http://10.0.0.1/moved.xml",
    "[--uid u --pwd p] http://10.0.0.1/private.xml",
    "http://10.0.0.1/private.xml",
    "[--key secret] http://10.0.0.1/$MA.xml",
    "[--post a] http://10.0.0.1/post",
    "[--srv] http://example.net/$SWVER.xml",
    "https://10.0.0.1/$MA.xml",
    "gds://"};
constexpr std::array<std::string_view, 5> upgrades{
    "", "http://10.0.0.1/fw/sip88xx.12-0-2MPP0001-116.loads",
    "($SWVER lt 12.0.2)? http://10.0.0.1/moved/sip88xx.12-0-2MPP0001-116.loads",
    "(\\\"$UPGERR\\\" eq \\\"\\\")? tftp://10.0.0.2/x.loads",
    "http://10.0.0.1/fw/sip88xx.14-1-1MN-366.loads"};
constexpr std::array<std::string_view, 5> reports{
    "", "http://10.0.0.1/up.xml", "[--delta] http://10.0.0.2/up.xml",
    "[--status] tftp://10.0.0.1/s",
    "[--delta] http://10.0.0.1/delta.xml [--status --key k] http://10.0.0.1/moved.xml"};
constexpr std::array<std::string_view, 3> report_modes{"On Request", "On Local Change",
                                                       "Periodically"};
constexpr std::array<std::string_view, 8> answers{
    "path: /ok.xml, as: 404",
    "path: \"/moved*\", redirect: \"http://10.0.0.2/there.xml\"",
    "path: /moved.xml, redirect: \"/$MA.xml\", status: 301",
    "path: /private.xml, needs_login: true",
    "host: 10.0.0.2, as: refused",
    "host: 10.0.0.3, as: corrupt",
    "path: \"/fw/*\", bytes: 30MB, takes: 40s",
    "path: /behind, redirect: \"http://10.0.0.1/behind\""};
constexpr std::string_view over_https =
    "Profile_Rule_D: \"https://10.0.0.1/$MA.xml\", Custom_CA_URL: \"http://10.0.0.1/ca.pem\", ";
constexpr std::string_view licensed = "Trans_Auth_Rule: \"http://10.0.0.1/a.lic\", ";
constexpr std::array<std::string_view, 3> roots{"", "http://10.0.0.1/ca.pem",
                                                "tftp://10.0.0.2/ca.pem"};
// Of phones that nobody has provisioned.
constexpr std::array<std::string_view, 4> services{
    "", ", onboarding_service: \"http://10.0.0.1\", activation_code: \"1234567890123456\"",
    ", redirect_service: \"http://10.0.0.1/private.xml\", onboarding_service: \"http://10.0.0.2\"",
    ", redirect_service: \"http://10.0.0.1/ok.xml\", dhcp: {15: example.net}"};
constexpr std::array<std::string_view, 4> leases{"", ", dhcp: {66: 10.0.0.2}",
                                                 ", dhcp: {150: \"10.0.0.2,10.0.0.3\"}",
                                                 ", dhcp: {66: \"http://10.0.0.1/dir/\"}"};
constexpr std::array<std::string_view, 6> lists{"0", "30", "300+100", "5,10,20", "0,0", "86400"};
constexpr std::array<std::string_view, 5> triggers{"", "$PRVTMR ge 400", "1 eq 2", "$REGTMR1 gt 60",
                                                   "nonsense"};
constexpr std::array<std::string_view, 5> set_times{"0000", "1230", "2400", "0001", "9999"};
constexpr std::array<std::string_view, 5> ways{"operator", "web", "menu", "xml", "sip"};
constexpr std::array<std::string_view, 4> upgrades_for_once{
    "http://10.0.0.1/fw/sip88xx.12-0-2MPP0001-116.loads",
    "http://10.0.0.1/fw/sip88xx.14-1-1MN-366.loads", "http://10.0.0.2/fw/other.loads",
    "(1 eq 2)? http://10.0.0.1/fw/never.loads"};
constexpr std::array<std::string_view, 5> notifies{"check-sync", "check-sync;reboot=true",
                                                   "restart_now", "prt-gen", "no-such-event"};
constexpr std::array<std::string_view, 3> families{"spa", "mpp11", "mpp12"};
constexpr std::array<std::string_view, 5> failures{"refused", "timeout", "503", "404", "corrupt"};

std::string random_setting(Random& random) {
  switch (random.below(19)) {
    case 0:
      return fmt::format("Resync_Periodic: \"{}\"", random.of(lists));
    case 1:
      return fmt::format("Resync_Error_Retry_Delay: \"{}\"", random.of(lists));
    case 2:
      return fmt::format("Resync_Random_Delay: {}", random.below(4));
    case 3:
      return fmt::format("Resync_Trigger_1: \"{}\"", random.of(triggers));
    case 4:
      return fmt::format("Resync_At__HHmm_: \"{}\"", random.of(set_times));
    case 5:
      return fmt::format("Forced_Resync_Delay: {}", random.below(3) * 100);
    case 6:
      return fmt::format("Provision_Enable: \"{}\"", random.in_ten(7) ? "Yes" : "No");
    case 7:
      return fmt::format("Resync_Fails_On_FNF: \"{}\"", random.in_ten(5) ? "Yes" : "No");
    case 8:
      return fmt::format("Resync_On_Reset: \"{}\"", random.in_ten(5) ? "Yes" : "No");
    case 9:
      return fmt::format("Profile_Rule_B: \"{}\"", random.of(rules));
    case 10:
      return fmt::format("VLAN_ID: {}", random.below(3));
    case 11:
      return fmt::format("Upgrade_Rule: \"{}\"", random.of(upgrades));
    case 12:  // the later ones come while the first one's load is on its way
      return fmt::format("Report_Rule: \"{}\"", random.of(reports));
    case 13:
      return fmt::format("Report_To_Server: \"{}\"", random.of(report_modes));
    case 14:
      return fmt::format("Syslog_Server: \"{}\"", random.in_ten(7) ? "10.0.0.9:514" : "");
    case 17:
      return "MIC_Cert_Refresh_Enable: \"Yes\"";
    case 16:
      return fmt::format("Custom_CA_Rule: \"{}\"", random.of(roots));
    case 15:
      return fmt::format("Restricted_Access_Domains: \"{}\"",
                         random.in_ten(3) ? "10.0.0.1, example.net" : "");
    default:
      return fmt::format("Profile_Rule: \"{}\"", random.of(rules));
  }
}

// No parameter twice.
std::string random_settings(Random& random, int most) {
  std::string text = "GPP_P: p";
  std::string names;
  for (int i = random.below(most + 1); i > 0; --i) {
    const auto setting = random_setting(random);
    const auto name = "|" + setting.substr(0, setting.find(':'));
    if (names.find(name + "|") != std::string::npos) continue;
    names += name + "|";
    text += ", " + setting;
  }
  return text;
}

// What a server grants in the course of a life.
constexpr std::array<std::string_view, 5> grants{
    "66: 10.0.0.7", "ip: 10.0.0.8", "", "2: \"3600\", 42: 10.0.0.1",
    "160: \"http://10.0.0.{index}\", ip: \"10.0.1.{index}\""};

// A rule that comes with a request is not empty.
std::string rule_for_once(std::string_view rule) {
  return rule.empty() ? std::string() : fmt::format(", rule: \"{}\"", rule);
}

std::string random_event(Random& random) {
  // Never at the instant of another one, whose order nobody promises.
  const auto at = fmt::format("at: {}ms", 1'000 * random.below(7'200) + 1 + random.below(999));
  switch (random.below(20)) {
    case 18:
      return fmt::format("{{{}, activation_code: \"1234567890{}23456\"}}", at, random.below(10));
    case 8:
      return fmt::format("{{{}, notify: report}}", at);
    case 0:
      return fmt::format("{{{}, power_off: 50%}}", at);
    case 1:
      return fmt::format("{{{}, power_on: all}}", at);
    case 2:
      return fmt::format("{{{}, power_cycle: 50%, off: {}s}}", at, 1 + random.below(20));
    case 3:
      return fmt::format("{{{}, notify: resync}}", at);
    case 4:
      return fmt::format("{{{}, notify: reboot}}", at);
    case 5:
      return fmt::format("{{{}, call: all, for: {}s}}", at, 1 + random.below(900));
    case 6:
      return fmt::format("{{{}, register: {}}}", at, random.in_ten(5) ? "lost" : "restored");
    case 7:
      return fmt::format("{{{}, set: {{{}}}}}", at, random_settings(random, 3));
    case 10:
      return fmt::format("{{{}, submit: {{{}}}}}", at, random_settings(random, 3));
    case 11:
      return fmt::format("{{{}, resync: {{by: {}{}}}}}", at, random.of(ways),
                         rule_for_once(random.of(rules)));
    case 12:  // the later ones come while the first one's load is on its way
      return fmt::format("{{{}, upgrade: {{rule: \"{}\"}}, every: 300ms, times: 3}}", at,
                         random.of(upgrades_for_once));
    case 13:
      return fmt::format("{{{}, factory_reset: 50%}}", at);
    case 15:
      return fmt::format("{{{}, link: {}}}", at, random.in_ten(4) ? "down" : "up");
    case 16:
      return fmt::format("{{{}, updateca: {{rule: \"http://10.0.0.1/ca.pem\"}}}}", at);
    case 14:
      return fmt::format("{{{}, notify: \"{}\"}}", at, random.of(notifies));
    case 17:
      return fmt::format("{{{}, lease: {{{}}}}}", at, random.of(grants));
    default:
      return fmt::format("{{{}, resync: all}}", at);
  }
}

std::string block(std::string_view name, const std::vector<std::string>& lines,
                  std::string_view indent) {
  if (lines.empty()) return {};
  auto text = fmt::format("{}{}:\n", indent, name);
  for (const auto& line : lines) text += fmt::format("{}  - {}\n", indent, line);
  return text;
}

std::vector<std::vector<std::string>*> parts_of(Sketch& sketch) {
  return {&sketch.events, &sketch.outages, &sketch.profiles, &sketch.answers, &sketch.groups};
}

}  // namespace

Sketch random_sketch(std::uint64_t seed) {
  Random random(seed);
  Sketch sketch;
  sketch.seed = seed;
  for (int i = 1 + random.below(3); i > 0; --i) {
    sketch.groups.push_back(fmt::format(
        "{{count: {}, personality: {}, set: {{Profile_Rule_C: \"{}\", {}{}}}{}{}{}}}",
        1 + random.below(4), random.of(families), random.of(rules),
        random.in_ten(2)   ? over_https
        : random.in_ten(8) ? licensed
                           : "",
        random_settings(random, 6), random.in_ten(5) ? random.of(services) : random.of(leases),
        random.in_ten(3) ? ", profile_account: {user: desk, password: \"{index}\"}" : "",
        random.in_ten(2) ? ", knobs: {rules_read: at_pass_start}" : ""));
  }
  sketch.events.emplace_back("{at: 0s, power_on: all}");
  for (int i = random.below(8); i > 0; --i) sketch.events.push_back(random_event(random));
  for (int i = random.below(3); i > 0; --i) {
    const int from = random.below(7'000);
    sketch.outages.push_back(fmt::format("{{from: {}s, to: {}s, as: {}}}", from,
                                         from + 1 + random.below(2'000), random.of(failures)));
  }
  for (int i = random.below(3); i > 0; --i) {
    sketch.profiles.push_back(fmt::format("{{from: {}s{}, set: {{{}}}}}", random.below(7'000),
                                          random.in_ten(2) ? ", path: /ok.xml" : "",
                                          random_settings(random, 4)));
  }
  for (int i = random.in_ten(6) ? random.below(5) : 0; i > 0; --i) {
    const auto from = random.below(7'000);
    sketch.answers.push_back(fmt::format("{{{}{}}}", random.of(answers),
                                         random.in_ten(3) ? fmt::format(", from: {}s", from) : ""));
  }
  sketch.server = random.in_ten(4) ? "capacity: {requests_per_second: 2, queue: 3}" : "";
  sketch.trouble = random.in_ten(3) ? "disconnect_mid_body: 20%" : "tftp_loss: 0%";
  return sketch;
}

std::string yaml_of(const Sketch& sketch) {
  auto text =
      fmt::format("seed: {}\nclock: 2026-03-28T22:30:00\ntime_zone: Europe/Paris\n", sketch.seed);
  text += block("phones", sketch.groups, "");
  text += block("events", sketch.events, "");
  text += "server:\n  latency: 700ms\n";
  if (!sketch.server.empty()) text += fmt::format("  {}\n", sketch.server);
  text += block("outages", sketch.outages, "  ");
  text += block("profiles", sketch.profiles, "  ");
  text += block("answers", sketch.answers, "  ");
  text += fmt::format("trouble: {{{}}}\nlimits: {{duration: 3h}}\n", sketch.trouble);
  return text;
}

Sketch shrunk(Sketch failing, const Check& check) {
  bool smaller = true;
  while (smaller) {
    smaller = false;
    for (std::size_t part = 0; part < parts_of(failing).size(); ++part) {
      for (std::size_t i = 0; i < parts_of(failing)[part]->size(); ++i) {
        auto without = failing;
        auto& lines = *parts_of(without)[part];
        if (&lines == &without.groups && lines.size() == 1) continue;
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
        if (!check(without)) continue;
        failing = std::move(without);
        smaller = true;
        break;
      }
    }
  }
  return failing;
}

}  // namespace provphone::test
