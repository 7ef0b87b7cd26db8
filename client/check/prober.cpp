#include "client/check/detail/prober.hpp"

#include "resync/answer.hpp"

#include <thread>

namespace provphone::client::check::detail {
namespace {

void take(Answer& answer, transport::Response response) {
  answer.status = response.status;
  answer.body = std::move(response.body);
  answer.content_type = std::move(response.content_type);
  answer.content_encoding = std::move(response.content_encoding);
  answer.content_length = std::move(response.content_length);
  answer.transfer_encoding = std::move(response.transfer_encoding);
}

}  // namespace

bool Prober::may_ask() {
  if (left_ == 0) {
    ran_out_ = true;
    return false;
  }
  if (left_ < audit_.requests) std::this_thread::sleep_for(audit_.pause);
  --left_;
  return true;
}

Result<transport::Response> Prober::fetch(transport::Request request) {
  std::optional<Result<transport::Response>> result;
  fetcher_.start(
      std::move(request),
      [this](const std::string& address) {
        if (server_address_.empty()) server_address_ = address;
      },
      [&](Result<transport::Response> response) { result = std::move(response); });
  loop_.restart();
  while (!result) loop_.run_one();
  return *std::move(result);
}

std::optional<Answer> Prober::ask(transport::Request request) {
  Answer answer;
  const auto source = audit_.phone.macros();
  const auto lookup = resync::lookup_of(source);
  while (may_ask()) {
    auto response = fetch(request);
    if (!response) {
      answer.error = std::move(response.error());
      return answer;
    }
    const auto location = response->location;
    take(answer, *std::move(response));
    if (request.url.scheme == macro::Scheme::tftp) return answer;
    const auto hops = static_cast<int>(answer.hops.size());
    auto verdict = resync::judge({answer.status, location, request.url, hops},
                                 audit_.phone.personality, lookup);
    if (auto* const refuse = std::get_if<resync::Refuse>(&verdict))
      answer.error = std::move(refuse->error);
    auto* const follow = std::get_if<resync::Follow>(&verdict);
    if (follow == nullptr) return answer;
    answer.hops.push_back({request.url, answer.status, location});
    // R-HTTP-24
    if (follow->url.host != request.url.host) {
      request.credentials.reset();
      request.certificate_name.clear();
      if (request.tls && audit_.trust) {
        auto tls = std::make_shared<identity::TlsIdentity>(*request.tls);
        tls->trust = audit_.trust;
        request.tls = std::move(tls);
      }
    }
    request.url = std::move(follow->url);
  }
  if (answer.hops.empty()) return std::nullopt;
  answer.error = Error{Errc::redirect_limit, "the budget of requests ended the redirects"};
  return answer;
}

}  // namespace provphone::client::check::detail
