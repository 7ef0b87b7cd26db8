#include "test/client/oracle/cases.hpp"

#include <fmt/format.h>

#include <array>

namespace provphone::test {
namespace {

constexpr auto memory = Wire::memory_only;

constexpr OracleCase cases[] = {
    // --- one file
    {"a file", "Profile_Rule: http://@/$MA.xml", "  profiles: [{set: {GPP_A: one}}]", "", ""},
    {"an unchanged file", "Profile_Rule: http://@/a.xml, Resync_Periodic: \"60\"",
     "  profiles: [{set: {GPP_A: one}}]", "", ""},
    {"a file that changes", "Profile_Rule: http://@/a.xml, Resync_Periodic: \"60\"",
     "  profiles: [{set: {GPP_A: one}}, {from: 2m, set: {GPP_A: two, GPP_B: new}}]", "", ""},
    {"an empty file of settings", "Profile_Rule: http://@/a.xml", "", "", ""},
    {"a file with values that no phone takes", "Profile_Rule: http://@/a.xml",
     "  profiles: [{set: {Resync_Periodic: nonsense, Provision_Enable: perhaps}}]", "", ""},
    {"a file that switches provisioning off", "Profile_Rule: http://@/a.xml, Resync_Periodic: 60",
     "  profiles: [{set: {Provision_Enable: \"No\"}}]", "", ""},
    {"a file that sets the next rule", "Profile_Rule: http://@/a.xml",
     "  profiles: [{path: /a.xml, set: {Profile_Rule_B: \"http://@/b.xml\"}}, "
     "{path: /b.xml, set: {GPP_B: b}}]",
     "", ""},
    {"a file that moves the phone to another rule", "Profile_Rule: http://@/first.xml",
     "  profiles: [{path: /first.xml, set: {Profile_Rule: \"http://@/second.xml\"}}, "
     "{path: /second.xml, set: {GPP_A: there}}]",
     "", ""},
    {"a file that moves the phone on and on", "Profile_Rule: http://@/1.xml",
     "  profiles: [{path: /1.xml, set: {Profile_Rule: \"http://@/2.xml\"}}, "
     "{path: /2.xml, set: {Profile_Rule: \"http://@/1.xml\"}}]",
     "", ""},
    {"rules read as the pass begins", "Profile_Rule: http://@/a.xml",
     "  profiles: [{path: /a.xml, set: {Profile_Rule_B: \"http://@/b.xml\"}}]",
     ", knobs: {rules_read: at_pass_start, chained_passes: \"0\"}", ""},
    {"a parameter that takes a restart", "Profile_Rule: http://@/a.xml",
     "  profiles: [{set: {VLAN_ID: \"7\"}}]", "", ""},
    {"all four rules",
     "Profile_Rule: http://@/a, Profile_Rule_B: http://@/b, Profile_Rule_C: http://@/c, "
     "Profile_Rule_D: http://@/d",
     "  answers: [{path: /c, as: 503}]", "", ""},
    {"a rule that cannot be read", "Profile_Rule: \"[--nonsense] http://@/a.xml\"", "", "", ""},
    {"a rule without a server", "Profile_Rule: /a.xml", "", "", ""},
    {"an encrypted file", "Profile_Rule: \"[--key secret] http://@/a.xml\"",
     "  profiles: [{set: {GPP_A: sealed}}]", "", "", memory},
    {"an encrypted file of an old phone", "Profile_Rule: \"[--key secret] http://@/a.xml\"",
     "  profiles: [{set: {GPP_A: sealed}}]", ", personality: spa", "", memory},
    {"a register that is posted", "Profile_Rule: \"[--post a] http://@/a.xml\", GPP_A: \"mac=$MA\"",
     "  profiles: [{set: {GPP_B: posted}}]", "", ""},

    // --- failures
    {"a file that is not there", "Profile_Rule: http://@/a.xml, Resync_Error_Retry_Delay: \"7\"",
     "  answers: [{path: /a.xml, as: 404}]", "", ""},
    {"a file that is not there, which is no failure",
     "Profile_Rule: http://@/a.xml, Profile_Rule_B: http://@/b.xml, Resync_Fails_On_FNF: \"No\"",
     "  answers: [{path: /a.xml, as: 404}]", "", ""},
    {"each class of status", "Profile_Rule: http://@/a.xml, Resync_Error_Retry_Delay: \"5\"",
     "  answers: [{path: /a.xml, as: 400, to: 4s}, {path: /a.xml, as: 403, to: 9s}, "
     "{path: /a.xml, as: 500, to: 14s}, {path: /a.xml, as: 501, to: 19s}, "
     "{path: /a.xml, as: 502, to: 24s}, {path: /a.xml, as: 504, to: 29s}, "
     "{path: /a.xml, as: 505, to: 34s}, {path: /a.xml, as: 418, to: 39s}]",
     "", ""},
    {"a file that is corrupt", "Profile_Rule: http://@/a.xml, Resync_Error_Retry_Delay: \"7\"",
     "  answers: [{path: /a.xml, as: corrupt, to: 10s}]", "", ""},
    {"a file without an octet", "Profile_Rule: http://@/a.xml, Resync_Error_Retry_Delay: \"7\"",
     "  answers: [{path: /a.xml, bytes: 0}]", "", ""},
    {"a status of success without a file", "Profile_Rule: http://@/a.xml",
     "  answers: [{path: /a.xml, status: 204}]", "", "", memory},
    {"a status that phones do not process", "Profile_Rule: http://@/a.xml",
     "  answers: [{path: /a.xml, status: 304, redirect: \"http://@/b.xml\"}]", "", ""},
    {"a server that refuses connections",
     "Profile_Rule: http://@dead/a.xml, Resync_Error_Retry_Delay: \"5,10\"",
     "  answers: [{path: /a.xml, as: refused}]", "", ""},
    {"a server that keeps silent", "Profile_Rule: http://@/a.xml, Resync_Error_Retry_Delay: \"5\"",
     "  outages: [{from: 0s, to: 1m, as: timeout}]", "", "", memory},
    {"a server that comes back", "Profile_Rule: http://@/a.xml, Resync_Error_Retry_Delay: \"5\"",
     "  outages: [{from: 0s, to: 12s, as: 503}]", "", ""},
    {"an answer that breaks off", "Profile_Rule: tftp://10.0.0.2/a.xml",
     "  outages: [{from: 1h, to: 2h, as: refused}]\ntrouble: {disconnect_mid_body: 50%}", "", "",
     memory},
    {"a file over TFTP that is not there", "Profile_Rule: tftp://10.0.0.2/a.xml",
     "  answers: [{path: /a.xml, as: 404}]", "", "", memory},
    {"a file over TFTP that nobody may read", "Profile_Rule: tftp://10.0.0.2/a.xml",
     "  answers: [{path: /a.xml, as: 403}]", "", "", memory},

    // --- redirects
    {"a server that moved", "Profile_Rule: http://@/old.xml",
     "  answers: [{path: /old.xml, redirect: \"http://@/new.xml\"}]\n"
     "  profiles: [{path: /new.xml, set: {GPP_A: new}}]",
     "", ""},
    {"a relative redirect", "Profile_Rule: http://@/a/old.xml",
     "  answers: [{path: /a/old.xml, redirect: /b/new.xml, status: 301}]", "", ""},
    {"a redirect with a macro", "Profile_Rule: http://@/old.xml",
     "  answers: [{path: /old.xml, redirect: \"http://@/$MA.xml\"}]", "", ""},
    {"a redirect to itself", "Profile_Rule: http://@/a.xml",
     "  answers: [{path: /a.xml, redirect: \"http://@/a.xml\"}]", "", ""},
    {"a redirect that is not followed", "Profile_Rule: http://@/a.xml",
     "  answers: [{path: /a.xml, redirect: \"http://@/b.xml\", status: 307}]", "", ""},
    {"a redirect to where the phone may not go",
     "Profile_Rule: http://@/a.xml, Restricted_Access_Domains: 127.0.0.1",
     "  answers: [{path: /a.xml, redirect: \"http://10.0.0.2/b.xml\"}]", "", ""},
    {"a redirect to a place that fails", "Profile_Rule: http://@/a.xml",
     "  answers: [{path: /a.xml, redirect: \"http://@/b.xml\"}, {path: /b.xml, as: 404}]", "", ""},
    {"a rule for a server that is not allowed",
     "Profile_Rule: http://@/a.xml, Restricted_Access_Domains: example.net", "", "", ""},

    // --- challenges
    {"a login that the rule gives", "Profile_Rule: \"[--uid u --pwd p] http://@/a.xml\"",
     "  answers: [{path: /a.xml, needs_login: true}]\n  profiles: [{set: {GPP_A: in}}]", "", ""},
    {"a login that is the phone's own",
     "Profile_Rule: http://@/a.xml, Profile_Authentication_Type: XSI Authentication, "
     "Login_User_ID: u, Login_Password: p",
     "  answers: [{path: /a.xml, needs_login: true}]\n  profiles: [{set: {GPP_A: in}}]", "", ""},
    {"a PAC file that is not there",
     "Profile_Rule: http://@/a.xml, Proxy_Mode: Auto, Use_Auto_Discovery__WPAD_: \"No\", "
     "PAC_URL: \"http://@/p.pac\", Resync_Periodic: \"30\"",
     "  answers: [{path: /p.pac, as: 404}]\n  profiles: [{set: {GPP_A: in}}]", "", ""},
    {"a PAC file that is none",
     "Profile_Rule: http://@/a.xml, Proxy_Mode: Auto, Use_Auto_Discovery__WPAD_: \"No\", "
     "PAC_URL: \"http://@/p.pac\", Resync_Periodic: \"30\"",
     "  answers: [{path: /p.pac, as: corrupt}]\n  profiles: [{set: {GPP_A: in}}]", "", ""},
    {"a PAC file that is kept from pass to pass",
     "Profile_Rule: http://@/a.xml, Proxy_Mode: Auto, Use_Auto_Discovery__WPAD_: \"No\", "
     "PAC_URL: \"http://@/p.pac\", Resync_Periodic: \"30\"",
     "  profiles: [{set: {GPP_A: in}}]", "", "", memory},
    {"a login that the rule does not give", "Profile_Rule: http://@/a.xml",
     "  answers: [{path: /a.xml, needs_login: true}]", "", ""},
    {"a login that does not go where a redirect leads",
     "Profile_Rule: \"[--uid u --pwd p] http://@/a.xml\"",
     "  answers: [{path: /a.xml, redirect: \"http://10.0.0.2/b.xml\"}, "
     "{path: /b.xml, needs_login: true}]",
     "", "", memory},

    // --- what the last request has left
    {"$SERV of the last request",
     "Profile_Rule: '(\"$SERV\" eq \"127.0.0.1\")? http://@dead/second.xml | "
     "http://@dead/first.xml', Resync_Error_Retry_Delay: \"1\"",
     "  answers: [{path: \"*\", as: refused}]", "", ""},
    {"$ERR of the last request",
     "Profile_Rule: '(\"$ERR\" eq \"\")? http://@/a.xml | http://@/b.xml', "
     "Resync_Error_Retry_Delay: \"5\"",
     "  answers: [{path: /a.xml, as: 404}]", "", ""},
    {"$PATH of the last request",
     "Profile_Rule: '(\"$PATH\" eq \"/a.xml\")? http://@/b.xml | http://@/a.xml', "
     "Resync_Periodic: \"30\"",
     "", "", ""},
    {"$SCHEME and $PORT of the last request",
     "Profile_Rule: http://@/a.xml, Profile_Rule_B: '(\"$SCHEME\" eq \"http\")? "
     "http://@/$PORT.xml | http://@/none.xml'",
     "", "", ""},
    {"$SERVIP of a redirect", "Profile_Rule: http://@/a.xml, Profile_Rule_B: http://@/$SERVIP.xml",
     "  answers: [{path: /a.xml, redirect: \"http://127.0.0.1:@port/b.xml\"}]", "", ""},
    {"a trigger that looks at $ERR",
     "Profile_Rule: http://@/a.xml, Resync_Trigger_1: '\"$ERR\" eq \"\"', "
     "Resync_Error_Retry_Delay: \"5\"",
     "  answers: [{path: /a.xml, as: 404, to: 20s}]", "", ""},
    {"$PRVST and $PRVTMR",
     "Profile_Rule: '($PRVST eq 1)? http://@/$PRVTMR.xml | http://@/boot.xml', "
     "Resync_Periodic: \"17\"",
     "", "", ""},
    {"a power cut forgets the last request",
     "Profile_Rule: '(\"$SERV\" eq \"127.0.0.1\")? http://@/again.xml | http://@/first.xml'", "",
     "", "  - {at: 1m, power_cycle: all, off: 3s}"},
    {"a restart does not",
     "Profile_Rule: '(\"$SERV\" eq \"127.0.0.1\")? http://@/again.xml | "
     "http://@/first.xml'",
     "", "", "  - {at: 1m, notify: reboot}"},
    {"assignments",
     "Profile_Rule: '(GPP_B = \"$PRVST\";)! http://@/$B.xml', Profile_Rule_B: http://@/$B.xml", "",
     "", ""},
    {"assignments alone", "Profile_Rule: '(GPP_B = \"$MA\"; GPP_C = \"1\";)!'", "", "", ""},

    // --- several places
    {"two places from DHCP", "Profile_Rule: /a.xml",
     "  answers: [{host: 10.0.0.2, as: refused}]\n  profiles: [{set: {GPP_A: second}}]",
     ", dhcp: {150: \"10.0.0.2,10.0.0.3\"}", "", memory},
    {"every place fails", "Profile_Rule: /a.xml, Resync_Error_Retry_Delay: \"9\"",
     "  answers: [{host: 10.0.0.2, as: 404}, {host: 10.0.0.3, as: corrupt}]",
     ", dhcp: {150: \"10.0.0.2,10.0.0.3\"}", "", memory},
    {"a directory from DHCP", "", "  answers: [{path: \"/dir/*.xml\", as: 404}]",
     ", dhcp: {66: \"http://10.0.0.2/dir/\"}", "", memory},
    {"an address from DHCP and nothing else", "", "  answers: [{path: \"/*.xml\", as: refused}]",
     ", dhcp: {66: 10.0.0.2}", "", memory},
    {"places one of which is not allowed",
     "Profile_Rule: /a.xml, Restricted_Access_Domains: 10.0.0.3", "",
     ", dhcp: {150: \"10.0.0.2,10.0.0.3\"}", "", memory},
    {"$ERR between two places",
     "Profile_Rule: /a.xml, Profile_Rule_B: '(\"$ERR\" eq \"\")? http://10.0.0.4/ok.xml | "
     "http://10.0.0.4/$ERR.xml'",
     "  answers: [{host: 10.0.0.2, as: 404}]", ", dhcp: {150: \"10.0.0.2,10.0.0.3\"}", "", memory},
    {"SRV records", "Profile_Rule: \"[--srv] http://example.net/a.xml\"",
     "  srv:\n    _ciscoprov-http._tcp.example.net: [{port: 81, target: a.example.net, priority: "
     "2},"
     " {port: 80, target: b.example.net, priority: 1}]\n"
     "  answers: [{host: b.example.net, as: 503}]",
     "", "", memory},
    {"SRV records that are not there", "Profile_Rule: \"[--srv] http://example.org/a.xml\"",
     "  srv:\n    _ciscoprov-http._tcp.example.net: [{port: 81, target: a.example.net}]", "", "",
     memory},

    // --- power, calls and people in the middle of it
    {"a power cut while a request is under way",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\"", "", "",
     "  - {at: 10ms, power_off: all}\n  - {at: 10s, power_on: all}"},
    {"a resync asked for while a request is under way",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\"", "", "",
     "  - {at: 10ms, resync: all}"},
    {"a rule that a person sets while a request is under way",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\"",
     "  profiles: [{set: {GPP_A: file}}]", "",
     "  - {at: 10ms, set: {Profile_Rule_B: \"http://@/b.xml\", GPP_A: hand}}"},
    {"a phone that is off takes notice of nothing",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\", GPP_A: old", "", "",
     "  - {at: 5s, power_off: all}\n  - {at: 6s, set: {GPP_A: hand, Admin_Password: a}}\n"
     "  - {at: 6s, notify: resync}\n  - {at: 6s, notify: report}\n  - {at: 6s, resync: all}\n"
     "  - {at: 6s, call: all, for: 8s}\n  - {at: 7s, notify: reboot}\n"
     "  - {at: 7s, register: lost, line: 2}\n  - {at: 10s, power_on: all}\n"
     "  - {at: 20s, set: {GPP_A: again}}"},
    {"a phone that restarts takes notice of nothing",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\", GPP_A: old", "", "",
     "  - {at: 5s, notify: reboot}\n  - {at: 6s, set: {GPP_A: hand}}\n"
     "  - {at: 6s, set: {GPP_B: hand}}\n  - {at: 7s, notify: resync}\n"
     "  - {at: 8s, notify: reboot}\n  - {at: 9s, call: all, for: 2m}\n"
     "  - {at: 80s, notify: resync}"},
    {"lines that come and go", "Profile_Rule: http://@/a.xml", "", "",
     "  - {at: 5s, register: lost}\n  - {at: 9s, register: lost, line: 2}\n"
     "  - {at: 30s, register: restored}"},
    {"a call that holds a pass", "Profile_Rule: http://@/a.xml, Resync_Periodic: \"30\"", "", "",
     "  - {at: 20s, call: all, for: 45s}"},

    // --- what is pushed to a phone
    {"changes that are submitted",
     "Profile_Rule: http://@/a.xml, Upgrade_Rule: http://@/sip88xx.11-3-2MPP0001-609.loads, "
     "Report_Rule: http://@/up.xml, Report_To_Server: \"On Local Change\"",
     "  profiles: [{set: {GPP_A: file}}]", "",
     "  - {at: 60s, submit: {GPP_B: web, VLAN_ID: \"7\"}}\n  - {at: 3m, submit: {}}"},
    {"changes that are submitted while a request is under way",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\"", "", "",
     "  - {at: 10ms, submit: {Profile_Rule: \"http://@/b.xml\"}}"},
    {"changes that nobody can submit",
     "Profile_Rule: http://@/a.xml, Enable_Web_Admin_Access: \"No\"", "", "",
     "  - {at: 60s, submit: {GPP_B: web}}\n  - {at: 61s, resync: {by: web}}"},
    {"a change at the phone that takes a restart", "Profile_Rule: http://@/a.xml", "", "",
     "  - {at: 50s, call: all, for: 30s}\n  - {at: 60s, set: {VLAN_ID: \"7\"}}"},
    {"a change at the phone that takes a restart without a boot pass",
     "Profile_Rule: http://@/a.xml, Resync_Periodic: \"100\"", "",
     ", knobs: {boot_pass_after_local_change: \"no\"}", "  - {at: 60s, set: {VLAN_ID: \"7\"}}"},
    {"rules that come with a request", "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\"",
     "  answers: [{path: \"/gone*\", as: 404}]\n"
     "  profiles: [{path: \"/once*\", set: {GPP_A: once}}]",
     "",
     "  - {at: 10ms, resync: {by: web, rule: \"http://@/first.xml\"}}\n"
     "  - {at: 20ms, resync: {by: menu, rule: \"http://@/once-$SERV-{index}.xml\"}}\n"
     "  - {at: 60s, resync: {by: xml, rule: \"http://@/gone-$ERR.xml\"}}\n"
     "  - {at: 70s, resync: {by: sip, rule: \"[--nonsense]\"}}\n"
     "  - {at: 80s, resync: {rule: \"http://@/once-$ERR.xml\"}}"},
    {"a rule that waits for a call, and one that a restart forgets", "Profile_Rule: http://@/a.xml",
     "", "",
     "  - {at: 50s, call: all, for: 30s}\n"
     "  - {at: 60s, resync: {by: web, rule: \"http://@/once.xml\"}}\n"
     "  - {at: 2m, call: all, for: 30s}\n"
     "  - {at: 125s, resync: {by: web, rule: \"http://@/never.xml\"}}\n"
     "  - {at: 130s, notify: reboot_now}"},
    {"requests that switches refuse",
     "Profile_Rule: http://@/a.xml, Enable_Direct_Action_Url: \"No\", "
     "User_Configurable_Resync: \"No\", Resync_From_SIP: \"No\"",
     "", "",
     "  - {at: 60s, resync: {by: web, rule: \"http://@/1.xml\"}}\n"
     "  - {at: 61s, resync: {by: menu}}\n  - {at: 62s, resync: {by: sip}}\n"
     "  - {at: 63s, notify: check-sync}\n  - {at: 64s, resync: {by: xml, rule: "
     "\"http://@/2.xml\"}}"},
    {"every event of a NOTIFY", "Profile_Rule: http://@/a.xml, Report_Rule: http://@/up.xml", "",
     "",
     "  - {at: 50s, notify: check-sync}\n  - {at: 51s, notify: prt-gen}\n"
     "  - {at: 52s, notify: XML-service}\n  - {at: 53s, notify: no-such-event}\n"
     "  - {at: 54s, notify: report}\n  - {at: 60s, notify: \"check-sync;reboot=true\"}\n"
     "  - {at: 61s, notify: no-such-event}\n  - {at: 3m, notify: restart_now}"},

    {"upgrades that are asked for",
     "Profile_Rule: http://@/a.xml, Upgrade_Rule: http://@/fw/sip88xx.11-3-2MPP0001-609.loads",
     "  answers: [{path: /fw/gone.loads, as: 404}]", "",
     "  - {at: 50s, upgrade: {rule: \"http://@/fw/gone.loads\"}}\n"
     "  - {at: 60s, call: all, for: 20s}\n"
     "  - {at: 65s, upgrade: {rule: \"http://@/fw/sip88xx.12-0-2MPP0001-116.loads\"}}\n"
     "  - {at: 66s, upgrade: {rule: \"http://@/fw/sip88xx.12-0-3MPP0001-1.loads\"}}\n"
     "  - {at: 4m, upgrade: {rule: \"http://@/fw/sip88xx.12-0-3MPP0001-1.loads\"}}"},
    {"an upgrade that nobody may ask for",
     "Profile_Rule: http://@/a.xml, Enable_Direct_Action_Url: \"No\"", "", "",
     "  - {at: 50s, upgrade: {rule: \"http://@/fw/x.loads\"}}"},
    {"a link that goes and comes back",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\", Resync_Periodic: \"20\", "
     "Resync_Error_Retry_Delay: \"7\"",
     "", "",
     "  - {at: 100ms, link: down}\n  - {at: 5s, resync: {by: web}}\n"
     "  - {at: 6s, resync: {by: menu}}\n  - {at: 30s, link: up}\n  - {at: 35s, link: down}\n"
     "  - {at: 36s, power_cycle: all}\n  - {at: 50s, link: up}"},
    {"roots that a URL names", "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\"", "", "",
     "  - {at: 5s, updateca: {rule: \"http://@/ca.pem\"}}\n"
     "  - {at: 6s, set: {Enable_Direct_Action_Url: \"No\"}}\n"
     "  - {at: 7s, updateca: {rule: \"http://@/ca.pem\"}}",
     memory},
    {"a factory reset",
     "Profile_Rule: http://@/a.xml, Report_Rule: http://@/up.xml, Resync_Random_Delay: \"0\"",
     "  profiles: [{set: {GPP_A: file}}]", "",
     "  - {at: 50s, set: {GPP_B: hand}}\n  - {at: 60s, factory_reset: all}\n"
     "  - {at: 70s, set: {GPP_B: again}}",
     memory},
    {"a factory reset while a request is under way",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\", Profile_Rule_B: http://@/b.xml",
     "  profiles: [{set: {GPP_A: file}}]", "", "  - {at: 10ms, factory_reset: all}"},

    {"a factory reset that takes an entered account",
     "Profile_Rule: http://@/a.xml, Resync_Random_Delay: \"0\", "
     "Profile_Authentication_Type: Basic Http Authentication",
     "  answers: [{path: /a.xml, needs_login: true}]",
     ", profile_account: {user: desk, password: Pw1}",
     "  - {at: 30s, factory_reset: all}\n"
     "  - {at: 60s, set: {Profile_Rule: \"http://@/a.xml\", "
     "Profile_Authentication_Type: Basic Http Authentication}}\n"
     "  - {at: 61s, resync: all}\n  - {at: 70s, power_cycle: all}",
     memory},

    // --- a phone that nobody has provisioned
    {"gds:// without a code", "Profile_Rule: \"gds://\", Resync_Random_Delay: \"0\"", "", "",
     "  - {at: 5s, resync: all}\n  - {at: 6s, notify: reboot}"},
    {"codes, of which one leads on", "Profile_Rule: \"gds://\", Resync_Random_Delay: \"0\"",
     "  answers: [{path: /no, as: 404}]\n"
     "  profiles: [{path: /codes, set: {Profile_Rule: \"http://@/a.xml\"}}, "
     "{path: /a.xml, set: {GPP_A: there}}]",
     ", onboarding_service: \"http://@/codes\", activation_code: \"12\"",
     "  - {at: 5s, activation_code: \"1234567890123456\"}\n"
     "  - {at: 6s, activation_code: \"1234567890123456\"}"},
    {"a code that the service refuses", "Profile_Rule: \"gds://\", Resync_Random_Delay: \"0\"",
     "  answers: [{path: /codes, as: 403}]",
     ", onboarding_service: \"http://@/codes\", activation_code: \"1234567890123456\"", ""},
    {"a redirect service that knows the phone", "Resync_Random_Delay: \"0\"",
     "  profiles: [{path: /rc.xml, set: {Profile_Rule: \"http://@/a.xml\"}}, "
     "{path: /a.xml, set: {GPP_A: there}}]",
     ", redirect_service: \"http://@/rc.xml\"", "  - {at: 60s, factory_reset: all}", memory},
    {"a redirect service that is not there, and a code", "Resync_Random_Delay: \"0\"",
     "  answers: [{path: /rc.xml, as: 503}]\n"
     "  profiles: [{path: /codes, set: {Profile_Rule: \"http://@/a.xml\"}}]",
     ", redirect_service: \"http://@/rc.xml\", onboarding_service: \"http://@/codes\", "
     "activation_code: \"1234567890123456\"",
     ""},
    {"enterprise firmware, first without its licence",
     "Profile_Rule: http://@/a.xml, Upgrade_Rule: \"http://@/fw/sip88xx.14-1-1MN-366.loads\", "
     "Resync_Random_Delay: \"0\", Transition_Authorization_Error_Retry_Delay: \"20\"",
     "  answers: [{path: /a.lic, to: 30s, as: 404}]", "",
     "  - {at: 5s, set: {Trans_Auth_Rule: \"http://@/a.lic\"}}\n"
     "  - {at: 70s, resync: all}\n  - {at: 75s, power_cycle: all}"},

    // --- the lease
    {"a lease that changes between two passes", "Profile_Rule: http://@/a.xml",
     "  profiles: [{set: {GPP_A: file}}]", ", dhcp: {66: 10.0.0.5}",
     "  - {at: 50s, lease: {66: 10.0.0.6, 2: \"3600\"}}\n  - {at: 70s, resync: all}"},
    {"a lease with another address, met at rest, in a pass and without power",
     "Profile_Rule: \"($IP == 10.0.0.9)? http://@/new.xml | http://@/a.xml\", "
     "Resync_Random_Delay: \"0\"",
     "  profiles: [{set: {GPP_A: file}}]", "",
     "  - {at: 10ms, lease: {ip: 10.0.0.8}}\n  - {at: 80s, power_off: all}\n"
     "  - {at: 85s, lease: {ip: 10.0.0.9}}\n  - {at: 90s, power_on: all}"},
    {"a lease with another time offset",
     "Profile_Rule: http://@/a.xml, Resync_At__HHmm_: \"0702\", Resync_At_Random_Delay: \"0\", "
     "Ignore_DHCP_Time_Offset: \"No\"",
     "", ", personality: mpp11", "  - {at: 60s, lease: {2: \"3600\"}}"},

    // --- the time
    {"a zone of the phone's own",
     "Profile_Rule: http://@/a.xml, Resync_At__HHmm_: \"0702\", Resync_At_Random_Delay: \"0\", "
     "Time_Zone: \"GMT+01:00\"",
     "", ", personality: mpp11", ""},
    {"a zone that a file brings", "Profile_Rule: http://@/a.xml, Resync_At__HHmm_: \"0802\"",
     "  profiles: [{set: {Time_Zone: \"GMT+02:00\", Resync_At_Random_Delay: \"0\"}}]",
     ", personality: mpp11", ""},
    {"a phone without an NTP server, until it has one",
     "Profile_Rule: http://@/a.xml, Resync_At__HHmm_: \"0604\"", "",
     ", knobs: {time_source: ntp_server, time_after: 20s}",
     "  - {at: 100s, set: {Primary_NTP_Server: ntp.example.net}}"},
    {"a lease with an NTP server",
     "Profile_Rule: http://@/a.xml, Resync_At__HHmm_: \"0604\", Resync_At_Random_Delay: \"0\"", "",
     ", personality: mpp11, dhcp: {42: 10.0.0.7}, knobs: {time_source: ntp_server, time_after: "
     "20s}",
     ""},
    {"a lease with a time offset, for each phone its own",
     "Profile_Rule: http://@/a.xml, Resync_At__HHmm_: \"0704\", Resync_At_Random_Delay: \"0\", "
     "Ignore_DHCP_Time_Offset: \"No\"",
     "", ", personality: mpp11, dhcp: {2: \"36{index}0\"}", ""},
    {"a clock that gains and is put forward and back",
     "Profile_Rule: http://@/a.xml, Resync_At__HHmm_: \"0604\", Resync_At_Random_Delay: \"0\"", "",
     ", personality: mpp11, knobs: {clock_gains: 50000}",
     "  - {at: 1m, clock_forward: 2m}\n  - {at: 150s, clock_back: 2m}"},
    // --- roots of the phone's own
    {"roots that are fetched first",
     "Profile_Rule: https://@/a.xml, Custom_CA_Rule: \"http://@/$MA.pem\", "
     "Resync_Periodic: \"30\"",
     "  profiles: [{set: {GPP_A: one}}]", "", "  - {at: 70s, power_cycle: all, off: 5s}", memory},
    {"roots that are not there yet",
     "Profile_Rule: https://@/a.xml, Profile_Rule_B: https://@/b.xml, "
     "Custom_CA_Rule: http://@/ca.pem, Resync_Periodic: \"30\"",
     "  answers: [{path: /ca.pem, as: 404, to: 50s}]", "", "", memory},
    {"roots whose rule goes away",
     "Profile_Rule: https://@/a.xml, Custom_CA_Rule: http://@/ca.pem, Resync_Periodic: \"30\"",
     "  profiles: [{from: 20s, set: {Custom_CA_Rule: \"\"}}]", "", "", memory},
    {"a report and a pass that want the same roots at once",
     "Profile_Rule: https://@/a.xml, Custom_CA_Rule: http://@/ca.pem, "
     "Report_Rule: \"https://@/report\", Report_To_Server: On Request",
     "", "", "", memory},
    {"a renewal of a certificate that no phone has",
     "Profile_Rule: http://@/a.xml, MIC_Cert_Refresh_Enable: \"Yes\", "
     "MIC_Cert_Refresh_Rule: http://@/renew, Resync_Periodic: \"30\"",
     "", "", "  - {at: 70s, power_cycle: all, off: 5s}"},

    // --- upgrades
    {"an upgrade",
     "Profile_Rule: http://@/a.xml, Upgrade_Rule: http://@/fw/sip88xx.12-0-2MPP0001-116.loads",
     "  answers: [{path: \"/fw/*\", bytes: 30MB}]", "", "", memory},
    {"an upgrade that takes its time",
     "Profile_Rule: http://@/a.xml, Resync_Periodic: \"20\", "
     "Upgrade_Rule: http://@/fw/sip88xx.12-0-2MPP0001-116.loads",
     "  answers: [{path: \"/fw/*\", takes: 90s}]", "", "", memory},
    {"an upgrade through a redirect",
     "Profile_Rule: http://@/a.xml, Upgrade_Rule: http://@/sip88xx.12-0-2MPP0001-116.loads",
     "  answers: [{path: \"/sip88xx*\", redirect: \"http://@/fw/load.loads\", status: 303}]", "",
     ""},
    {"an upgrade whose load is not there",
     "Profile_Rule: http://@/a.xml, Upgrade_Error_Retry_Delay: \"60\", "
     "Upgrade_Rule: http://@/fw/sip88xx.12-0-2MPP0001-116.loads",
     "  answers: [{path: \"/fw/*\", as: 404, to: 90s}]", "", ""},
    {"an upgrade to a load without an octet",
     "Profile_Rule: http://@/a.xml, Upgrade_Rule: http://@/fw/sip88xx.12-0-2MPP0001-116.loads",
     "  answers: [{path: \"/fw/*\", bytes: 0}]", "", ""},
    {"an upgrade to what runs already",
     "Profile_Rule: http://@/a.xml, Upgrade_Rule: http://@/fw/sip88xx.11-3-2MPP0001-609.loads", "",
     "", ""},
    {"an upgrade that a file asks for", "Profile_Rule: http://@/a.xml",
     "  profiles: [{set: {Upgrade_Rule: \"http://@/fw/sip88xx.12-0-2MPP0001-116.loads\"}}]", "",
     ""},
    {"an upgrade by $SWVER",
     "Profile_Rule: http://@/$SWVER.xml, Upgrade_Rule: '($SWVER lt 12.0.2)? "
     "http://@/sip88xx.12-0-2MPP0001-116.loads'",
     "", "", ""},
    {"$UPGERR behind an upgrade that failed",
     "Profile_Rule: '(\"$UPGERR\" eq \"\")? http://@/a.xml | http://@/b.xml', "
     "Upgrade_Rule: http://@/sip88xx.12-0-2MPP0001-116.loads, Resync_Periodic: \"60\"",
     "  answers: [{path: \"/sip*\", as: 403}]", "", ""},

    // --- reports
    {"a report", "Profile_Rule: http://@/a.xml, Report_Rule: http://@/up.xml", "", "", ""},
    {"two reports, one of which fails",
     "Profile_Rule: http://@/a.xml, Report_Rule: '[--delta] http://@/up.xml | "
     "[--status] http://@/status.xml'",
     "  answers: [{path: /up.xml, as: 500}]", "", ""},
    {"a report that is asked for", "Profile_Rule: http://@/a.xml, Report_Rule: http://@/up.xml", "",
     "", "  - {at: 30s, notify: report}\n  - {at: 30010ms, resync: all}"},
    {"reports of what has changed",
     "Profile_Rule: http://@/a.xml, Report_Rule: \"[--delta] http://@/up.xml\", "
     "Report_To_Server: \"Periodically\", Periodic_Upload_To_Server: \"600\"",
     "  profiles: [{set: {GPP_A: one}}, {from: 90s, set: {GPP_A: two}}]", "",
     "  - {at: 100s, resync: all}"},
    {"a report that is encrypted", "Report_Rule: \"[--key secret] http://@/up.xml\"", "", "", ""},

    // --- messages
    {"messages of a success", "Profile_Rule: http://@/a.xml, Syslog_Server: \"127.0.0.1:9\"", "",
     "", ""},
    {"messages of a failure and a redirect",
     "Profile_Rule: http://@/a.xml, Profile_Rule_B: http://@/b.xml, Syslog_Server: \"127.0.0.1:9\"",
     "  answers: [{path: /a.xml, redirect: \"http://@/c.xml\"}, {path: /b.xml, as: 404}]", "", ""},
    {"messages of a rule that cannot be read",
     "Profile_Rule: http://@/a.xml, Profile_Rule_B: \"[--nonsense]\", Syslog_Server: "
     "\"127.0.0.1:9\", Resync_Periodic: \"60\"",
     "", "", ""},
    {"lines for a debug server",
     "Profile_Rule: http://@/a.xml, Profile_Rule_B: http://@/b.xml, Syslog_Server: "
     "\"127.0.0.1:9\", "
     "Debug_Server: \"127.0.0.1:9\", Debug_Level: DEBUG",
     "  answers: [{path: /a.xml, redirect: \"http://@/c.xml\"}, {path: /b.xml, as: 404}]",
     ", knobs: {syslog_form: rfc3164_host}", ""},
    {"messages with the header of RFC 5424",
     "Profile_Rule: http://@/a.xml, Syslog_Server: \"127.0.0.1:9\"", "",
     ", knobs: {syslog_form: rfc5424}", ""},
    {"messages of an old phone", "Profile_Rule: http://@/a.xml, Syslog_Server: \"127.0.0.1:9\"", "",
     ", personality: spa", ""},
    {"messages of an upgrade",
     "Profile_Rule: http://@/a.xml, Syslog_Server: \"127.0.0.1:9\", "
     "Upgrade_Rule: http://@/sip88xx.12-0-2MPP0001-116.loads",
     "", "", ""},
};

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

std::span<const OracleCase> oracle_cases() {
  return cases;
}

std::string yaml_of(const OracleCase& it, std::uint16_t port) {
  auto text = fmt::format(
      "seed: 3\nclock: 2026-03-01T06:00:00\nphones:\n  - {{count: 1, set: {{GPP_P: p{}{}}}{}}}\n"
      "events:\n  - {{at: 0s, power_on: all}}\n{}{}server:\n  latency: 30ms\n{}\n"
      "limits: {{duration: 6m}}\n",
      it.set.empty() ? "" : ", ", it.set, it.phone, it.events, it.events.empty() ? "" : "\n",
      it.server);
  replace_all(text, "@dead", "127.0.0.1:1");
  replace_all(text, "@port", fmt::format("{}", port));
  replace_all(text, "@", fmt::format("127.0.0.1:{}", port));
  return text;
}

}  // namespace provphone::test
