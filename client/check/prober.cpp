#include "client/check/detail/prober.hpp"

#include "client/transport/socket_exchange.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <thread>

namespace provphone::client::check::detail {
namespace {

void keep_response(Answer& answer, const transport::Response& response) {
  answer.status = response.status;
  answer.body = response.body;
  answer.content_type = response.content_type;
  answer.content_encoding = response.content_encoding;
  answer.content_length = response.content_length;
  answer.transfer_encoding = response.transfer_encoding;
  answer.cache_control = response.cache_control;
}

}  // namespace

Prober::Prober(const Audit& audit)
    : audit_(audit),
      loop_(std::make_unique<boost::asio::io_context>()),
      names_(*loop_, audit.targets, audit.names),
      fetcher_(*loop_, audit.targets, names_),
      left_(audit.requests),
      deadline_(std::chrono::steady_clock::now() + audit.time) {}

Prober::~Prober() = default;

std::string_view Prober::why_no_more() const {
  if (left_ == 0) return "--requests";
  if (audit_.may_go_on && !audit_.may_go_on()) return "somebody";
  if (audit_.time.count() > 0 && std::chrono::steady_clock::now() >= deadline_) return "--time";
  return octets_ > audit_.octets ? "the size of what came" : "";
}

bool Prober::may_ask(Pause pause) {
  if (ended_by_.empty()) ended_by_ = why_no_more();
  if (!ended_by_.empty()) return false;
  if (audit_.tell_progress) audit_.tell_progress(asked());
  // Not before the first. Nothing else is under way, so that sleeping holds nobody up.
  if (left_ < audit_.requests && pause == Pause::kept) std::this_thread::sleep_for(audit_.pause);
  --left_;
  return true;
}

Result<transport::Response> Prober::fetch(resync::Fetch fetch, const Guise& guise) {
  auto connection = std::exchange(connection_, nullptr);
  if (!fetch.keeps_connection) connection.reset();
  auto tls = guise.tls;
  // Behind a redirect the certificate is another server's.
  if (fetch.request.at_foreign_host && tls && audit_.trust) {
    auto other = std::make_shared<identity::TlsIdentity>(*tls);
    other->trust = audit_.trust;
    tls = std::move(other);
  }
  fetch.patience = audit_.patience;
  // What the names in a certificate lead to has been looked up, and is a finding of its own.
  if (fetch.tls) fetch.tls->dns_check = resync::CertDnsCheck::off;
  if (fetch.tls && guise.speaks_any_tls) {
    fetch.tls->lowest = resync::TlsVersion::tls1_0;
    fetch.tls->highest = resync::TlsVersion::tls1_3;
    fetch.tls->ciphers.clear();
    fetch.tls->own_suites = resync::CipherSuites::openssl;
    fetch.tls->accepts_weak = true;
  }
  std::optional<Result<transport::Response>> result;
  auto request = transport::request_of(
      {0, std::move(fetch), std::move(tls),
       guise.source_address.empty() ? audit_.source_address : guise.source_address,
       std::move(connection)});
  request.forwarded_for = guise.forwarded_for;
  fetcher_.start(
      std::move(request),
      [this](const std::string& address) {
        if (server_address_.empty()) server_address_ = address;
      },
      [&](Result<transport::Response> response) { result = std::move(response); });
  loop_->restart();
  while (!result) loop_->run_one();
  if (*result) {
    connection_ = (*result)->connection;
    octets_ += (*result)->body.size();
  }
  return *std::move(result);
}

namespace {

// One retrieval of a phone that is given its plan and asks no sooner than it is told to.
struct Asking {
  resync::Device device;
  resync::Retrievals retrievals;
  resync::Phone machine;
  Answer answer;
  std::optional<resync::Fetch> wanted;           // next, or else what follows
  std::optional<resync::AskPac> wants_word;      // of its PAC file
  macro::Url asked;                              // last
  std::string location;                          // that the last answer named
  bool accepted = false, is_redirected = false;  // of the last answer

  resync::RetrievalContext context() const {
    return {machine, resync::Time{}, resync::Depth::figures};
  }
  void take(resync::Outputs outputs) {
    for (auto& output : outputs) std::visit([this](auto& each) { note(each); }, output);
  }
  void take(const resync::Input& input) {
    wanted.reset();
    wants_word.reset();
    take(resync::advance(device, retrievals, input, context()));
  }
  void note(resync::Fetch& fetch) {
    // A fetch behind a redirect is what follows it; one behind a challenge (R-HTTP-09) is no hop.
    if (is_redirected) answer.hops.push_back({asked, answer.status, location});
    asked = fetch.request.url;
    wanted = std::move(fetch);
  }
  void note(resync::AskPac& question) { wants_word = std::move(question); }
  void note(resync::AnswerSeen& seen) {
    accepted = seen.accepted;
    // Neither the file nor a failure: the phone goes on.
    is_redirected = !seen.accepted && !seen.refused && !seen.error;
  }
  // A file that no phone can read is an answer all the same; what is in it is judged elsewhere.
  void note(resync::Done& done) {
    const auto* failed = std::get_if<resync::RuleFailed>(&done.event);
    if (failed != nullptr && !accepted)
      answer.error = Error{failed->error, std::move(retrievals.failure.detail)};
  }
  template <class Other>
  void note(const Other& /*other*/) {}
};

}  // namespace

std::optional<Answer> Prober::ask(const resync::Request& request, const Guise& guise, Pause pause) {
  Asking asking;
  asking.device = guise.phone;
  asking.device.pac = pac_;
  asking.device.identity.mac = guise.mac;
  // Whose login it is, the guise says; the device's own parameters may have one too (R-HTTP-25).
  asking.device.personality.unauthorized_without_login = resync::UnauthorizedWithoutLogin::fails;
  // Whom the phone trusts is given here (--ca): what it would fetch for itself is nobody's
  // question.
  for (const auto* name : {"Custom_CA_Rule", "Custom_CA_URL"})
    asking.device.parameters.set(*profile::find_parameter(name), "");
  resync::Plan plan;
  // 0 would be a rule that is skipped.
  plan.alternative = 1;
  plan.request = request;
  if (!request.login) plan.request->login = guise.account;
  asking.take(resync::begin(asking.device, asking.retrievals, std::move(plan), asking.context()));
  bool has_asked = false;
  while (asking.wanted || asking.wants_word) {
    if (asking.wants_word) {
      const auto word = *std::move(asking.wants_word);
      asking.take(
          resync::Input{resync::PacSaid{word.lane, transport::pac_says(word.script, word.url)}});
      continue;
    }
    if (!may_ask(pause)) {
      if (!has_asked) return std::nullopt;
      asking.answer.error =
          Error{Errc::redirect_limit, "the budget of requests ended the redirects"};
      break;
    }
    has_asked = true;
    const bool is_errand = asking.wanted->errand.has_value();
    auto response = fetch(*std::move(asking.wanted), guise);
    if (response) {
      if (!is_errand) keep_response(asking.answer, *response);
      asking.location = response->location;
      asking.take(resync::Input{transport::answered(*std::move(response))});
    } else {
      asking.take(resync::Input{resync::Failed{resync::Lane::work, std::move(response.error())}});
    }
  }
  pac_ = std::move(asking.device.pac);
  asking.answer.last_asked = std::move(asking.asked);
  return std::move(asking.answer);
}

}  // namespace provphone::client::check::detail
