#pragma once

#include "profile/decode.hpp"
#include "resync/device.hpp"
#include "resync/explain_facts.hpp"
#include "resync/machine.hpp"
#include "resync/proxy.hpp"
#include "resync/report_plan.hpp"
#include "resync/tls_terms.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What goes into a retrieval and what comes out of it (resync/retrieval.hpp): values, all of them.
namespace provphone::resync {

// A phone does what its schedule waits for, and sends reports beside it (R-REPORT-07).
enum class Lane : std::uint8_t { work, reports, last = reports };

// What a phone fetches for itself before what a rule asks for, in the same lane: the file of
// Custom_CA_Rule, the PAC file of Proxy_Mode Auto, and the licence of enterprise firmware.
// The renewal of its certificate (R-CERT-06) comes before nothing: it has the lane of reports for
// itself.
enum class Errand : std::uint8_t { custom_ca, pac, licence, certificate };

// --- inputs. The effects PassStarted, EvaluateRule, EvaluateUpgrade, SendReports, FetchCustomCa,
// LinkDown and RenewCertificate of the machine are inputs too, and Restarting where it is for a
// factory reset.

// Answers LookUp, which only the work lane asks; there is at least one record, or an error.
struct NamesFound {
  Result<std::vector<SrvRecord>> records;
};
// The server of a fetch, or the proxy that is asked for it, has an address, and the request is on
// its way. At most once a fetch.
struct Resolved {
  Lane lane = Lane::work;
  std::string address;
};
// Answers Fetch: whatever the server said, in full. `location` and `content_encoding` are the
// headers as they came, empty where there is none.
struct Answered {
  Lane lane = Lane::work;
  int status = 200;  // of HTTP; 200 for a file that TFTP delivered or took
  std::string location;
  std::string content_encoding;
  // Of 401 the headers WWW-Authenticate, of 407 Proxy-Authenticate, each as it came.
  std::vector<std::string> challenges;
  // Where only its size was asked for, the beginning (macro/said.hpp).
  std::string body;
  std::size_t body_bytes = 0;  // kept or not
  // What of the phone's terms could not be kept in spite of the answer (R-TLS-15); empty: nothing.
  std::string note{};
  std::string server_address{};  // that it came from; empty: nobody knows
};
// Answers Fetch: there was no answer, or not all of it.
struct Failed {
  Lane lane = Lane::work;
  Error error;
};
// Answers Fetch: nothing could be asked, since the phone's own certificate could not be read, say.
// No RequestMade and no AnswerSeen follow: there was neither.
struct NotAsked {
  Lane lane = Lane::work;
  Error error;
};
// Answers InstallRoots: all certificates of the file, or an error where a single one is damaged.
struct RootsRead {
  Lane lane = Lane::work;
  Result<std::shared_ptr<const Roots>> roots;
};
// Answers AskPac: what FindProxyForURL said, or why the script is of no use.
struct PacSaid {
  Lane lane = Lane::work;
  Result<std::string> said;
};
// Power is gone. Nobody waits for an answer any more, and the machine hears of no outcome.
struct CutOff {};

using Input =
    std::variant<PassStarted, EvaluateRule, EvaluateUpgrade, SendReports, Restarting, NamesFound,
                 Resolved, Answered, Failed, NotAsked, RootsRead, PacSaid, CutOff, FetchCustomCa,
                 LinkDown, RenewCertificate, CertificateRequestMade, CertificateRead>;

// --- outputs that ask for something

// The SRV records of that name are wanted (R-RULE-43); answered with NamesFound.
struct LookUp {
  std::string name;
  Naming naming;
};

// See the knobs connect_timeout, idle_timeout and total_timeout (R-HTTP-11).
struct Patience {
  Duration connect{}, idle{}, total{};
};

// One exchange with a server; answered with Answered, Failed or NotAsked, and with Resolved before
// the first two. A redirect or a challenge that is answered is another Fetch of the same lane.
struct Fetch {
  // What becomes of the answer's body.
  enum class Keep : std::uint8_t {
    body,
    size,  // a load is counted and forgotten, but for the beginning
  };

  Lane lane = Lane::work;
  Request request;  // without the login, which only its `authorization` is made of
  std::optional<Proxy> proxy;
  std::string proxy_authorization;  // of the header Proxy-Authorization; secret; empty: none
  std::string user_agent;
  Patience patience;
  TftpHabits tftp;            // where the URL is of TFTP
  std::size_t max_bytes = 0;  // of the answer's body
  Keep keep = Keep::body;
  bool knows_time = false;       // R-TLS-03: a phone that does not cannot judge dates
  Naming naming;                 // how the server's name becomes an address
  std::optional<TlsTerms> tls;   // for https, and for nothing else
  std::optional<Errand> errand;  // nothing: it is what a rule asks for
  // It follows from the answer that is being taken, a redirect or a challenge, and goes over that
  // answer's connection where this is still open and leads to the same server (R-HTTP-02).
  bool keeps_connection = false;
};

// What certificates are in that file; answered with RootsRead, which costs no time of the phone's.
// Parsing them is not for this room.
struct InstallRoots {
  Lane lane = Lane::work;
  std::string pem;
};

// What the phone's PAC file says of that server is wanted; answered with PacSaid. Running scripts
// is not for this room.
struct AskPac {
  Lane lane = Lane::work;
  std::shared_ptr<const std::string> script;
  macro::Url url;
};

// The host that the fetch is sent to: its proxy's, or its server's.
const std::string& host_asked(const Fetch& fetch);

// A syslog message (R-LOG-*), dated with the time of the input that it follows from. Nobody hears
// whether it arrived.
struct Log {
  std::string server;      // host[:port]
  std::string identifier;  // empty: none
  std::string text;
  Naming naming;  // how the server's name becomes an address
  SyslogForm form = SyslogForm::bare;
};

// Nobody waits for that lane's fetch, look-up or PAC file any more. Its answer must not come.
struct Cancel {
  Lane lane = Lane::work;
};

// What came of it; for the machine. The last output of the retrieval, whose lane is free by then.
struct Done {
  Event event;
};

// --- outputs that tell what was decided. A `rule` is the name of its parameter.

// Nothing was asked for: the rule says nothing, no condition holds, or Upgrade_Rule has nothing to
// load.
struct RulePassedOver {
  std::string_view rule;
  int alternative = 0;
  Reason why = Reason::rule_empty;
  RuleFacts facts;
};
// Told once a request, when its server has an address or there will be none (R-HTTP-18).
struct RequestMade {
  std::string_view rule;
  int alternative = 0;
  Request::Method method = Request::Method::get;
  std::string url;
  std::string user_agent;
  std::string content_type;    // of the body; empty: none
  std::string server_address;  // the proxy's, where there is one; empty: there is none
  RuleFacts facts;
};
// How one request ended. The body of an accepted one may still turn out to be no profile.
struct AnswerSeen {
  std::string_view rule;
  std::optional<int> status;  // of HTTP
  std::size_t bytes = 0;
  std::optional<Error> error;     // there was no answer
  std::optional<Errc> refused{};  // there was one, and the phone takes it for this failure
  // R-HTTP-09: that failure was a challenge, and another request with a login follows.
  bool asks_again = false;
  bool accepted = false;  // what was asked for is in it, or was taken
  // What an HTTP answer of status 400 or above says for people (macro/said.hpp); without secrets.
  std::string said{};
  // See Answered.
  std::string note{};
};
// By assignments of a rule, or by its file.
struct Applied {
  std::string_view rule;
  int alternative = 0;  // of assignments
  std::vector<profile::ParameterId> changed;
  std::optional<macro::Url> from;  // of a file, like the following
  bool unchanged_body = false;     // it was not decoded: it would change nothing
  std::vector<profile::Layer> layers;
  std::vector<profile::Ignored> ignored;        // by name, and only with Depth::everything
  std::shared_ptr<const std::string> unpacked;  // behind outer layers; null: the body as it came
};
struct UpgradeStarted {
  std::string_view rule;
  int alternative = 0;
  std::string load;
};
// Also where Upgrade_Rule could not be evaluated, without UpgradeStarted before it.
struct UpgradeEnded {
  std::string_view rule;
  std::string load;            // that the phone runs now
  std::optional<Error> error;  // nothing: it does
  std::string url;             // of a failure: what was asked last
};
// What came of Custom_CA_Rule (R-TLS-19).
struct CustomCaEnded {
  std::string_view rule;
  std::optional<Error> error;  // what was installed before still is
  std::string url;             // of a failure: what was asked last; empty: nothing was
  std::string first_name;      // the common name of the first certificate
  std::size_t count = 0;  // of certificates; 0 without an error: the rule is gone, and they are
};
struct ReportEnded {
  std::string_view rule;
  int alternative = 0;
  std::optional<ReportKind> kind;  // nothing: the rule could not be evaluated
  std::optional<Error> error;
  std::string url;            // of a failure: what was asked
  std::optional<int> status;  // of HTTP, where there was an answer
};

using Output = std::variant<LookUp, Fetch, InstallRoots, AskPac, Log, Cancel, Done, RulePassedOver,
                            RequestMade, AnswerSeen, Applied, UpgradeStarted, UpgradeEnded,
                            CustomCaEnded, ReportEnded, AskCertificateRequest, InstallCertificate,
                            CertificateRenewalEnded, CodeJudged>;
using Outputs = std::vector<Output>;

}  // namespace provphone::resync
