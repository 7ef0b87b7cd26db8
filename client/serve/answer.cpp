#include "client/serve/answer.hpp"

#include "client/serve/spoil.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <strings.h>

#include <chrono>
#include <ctime>
#include <string_view>

namespace provphone::client::serve {
namespace {

// Far more than a client could take for the end of its file.
constexpr std::uint64_t octets_that_never_come = 1000;

// RFC 9110: these have none.
bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string http_date() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr)));
}

Answer bare_answer(int status) {
  Answer answer;
  answer.status = status;
  answer.set("Server", "provphone");
  answer.set("Date", http_date());
  return answer;
}

void set_length(Answer& answer, std::uint64_t octets) {
  answer.set("Content-Length", std::to_string(octets));
}

Answer method_not_allowed(const State& state) {
  Answer answer = status_answer(405);
  answer.set("Allow",
             state.uploads.are_put(state.directory) ? "GET, HEAD, POST, PUT" : "GET, HEAD, POST");
  return answer;
}

Answer content_answer(Content content, const std::string& path) {
  Answer answer = bare_answer(200);
  const bool is_xml = path.size() >= 4 && strcasecmp(path.c_str() + path.size() - 4, ".xml") == 0;
  answer.set("Content-Type", is_xml ? "application/xml" : "application/octet-stream");
  set_length(answer, content.size());
  answer.body.content = std::move(content);
  return answer;
}

Answer upload_answer(const State& state, const Asked& asked) {
  switch (state.uploads.store(state.directory, *asked.path, asked.request.body)) {
    case Stored::created:
      return status_answer(201);
    case Stored::replaced:
      return status_answer(200);
    case Stored::refused:
      break;
  }
  return status_answer(403);
}

// Of a POST alone: who only looks finds what the directory has there.
bool brings_code(const State& state, const Asked& asked) {
  return state.onboarding && asked.request.method == "POST" &&
         *asked.path == state.onboarding->path;
}

Answer refused_code(const std::string& reason) {
  Answer answer = bare_answer(403);
  answer.set("Content-Type", "text/plain");
  set_length(answer, reason.size());
  answer.body.content = Content(reason);
  return answer;
}

Answer code_answer(State& state, const Asked& asked) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  auto redeemed = redeem(*state.onboarding, asked.request.body, now);
  if (redeemed.file.empty()) return refused_code(redeemed.reason);
  auto content = find_content({state.directory, state.loads}, redeemed.file, asked.met);
  return content ? content_answer(std::move(*content), redeemed.file) : status_answer(404);
}

bool is_of_redirect_service(const State& state, const std::string& path) {
  const auto& folder = state.redirect_folder;
  return !folder.empty() && path.starts_with(folder) &&
         (folder.back() == '/' || path.substr(folder.size()).starts_with('/'));
}

// Likewise.
bool asks_for_certificate(const State& state, const Asked& asked) {
  return state.certificates && asked.request.method == "POST" &&
         *asked.path == state.certificates->path;
}

Answer certificate_answer(const CertificateService& service, const Request& request) {
  auto made = renew(service, request.body, std::chrono::system_clock::now());
  Answer answer = bare_answer(made.status);
  answer.set("Content-Type", made.status == 200 ? "application/x-pem-file" : "text/plain");
  set_length(answer, made.text.size());
  answer.body.content = Content(std::move(made.text));
  return answer;
}

// POST asks for a file, as GET does, or brings a report: which of them shows in whether there is a
// file.
Answer honest_answer(State& state, const Asked& asked) {
  const auto method = asked.request.method;
  if (method == "PUT" && state.uploads.are_put(state.directory)) return upload_answer(state, asked);
  if (method != "GET" && method != "HEAD" && method != "POST") return method_not_allowed(state);
  if (brings_code(state, asked)) return code_answer(state, asked);
  if (asks_for_certificate(state, asked))
    return certificate_answer(*state.certificates, asked.request);
  auto content = find_content({state.directory, state.loads}, *asked.path, asked.met);
  if (content) return content_answer(std::move(*content), *asked.path);
  if (method != "POST" && is_of_redirect_service(state, *asked.path)) return status_answer(200);
  const bool is_report = method == "POST" && state.uploads.are_wanted();
  return is_report ? upload_answer(state, asked) : status_answer(404);
}

Reply half_of(Answer answer, Ending ending) {
  answer.body.end = answer.body.content.size() / 2;
  return {std::move(answer), ending};
}

Answer redirect_answer(int status, const std::string& location) {
  Answer answer = status_answer(status);
  if (!location.empty()) answer.set("Location", location);
  return answer;
}

// The same path at the plain listener, under the name by which the client knows this machine.
std::string plain_url(const State& state, const Request& request) {
  const auto host = request.host;
  // The colons of an IPv6 address stand before its bracket.
  const auto colon = host.find(':', host.rfind(']') == std::string::npos ? 0 : host.rfind(']'));
  return fmt::format("http://{}:{}{}", host.substr(0, colon), state.http_port, request.target);
}

// One overload a kind of fault that the answer as a whole shows; content has been spoilt by then.
struct FaultResponder {
  State& state;
  const Asked& asked;

  Answer honest() const { return honest_answer(state, asked); }

  template <class Other>
  Reply operator()(const Other&) const {
    return {honest(), Ending::honest};
  }
  Reply operator()(const StatusFault& fault) const {
    return {redirect_answer(fault.status, fault.location), Ending::honest};
  }
  Reply operator()(const StallFault& fault) const {
    if (fault.where == Where::head) return {std::nullopt, Ending::stalled};
    return half_of(honest(), Ending::stalled);
  }
  Reply operator()(const ResetFault& fault) const {
    if (fault.where == Where::head) return {std::nullopt, Ending::reset};
    return half_of(honest(), Ending::reset);
  }
  Reply operator()(const CutFault&) const { return half_of(honest(), Ending::closed); }
  Reply operator()(const LengthFault& fault) const {
    Answer answer = honest();
    const auto size = answer.body.content.size();
    set_length(answer, fault == LengthFault::longer ? size + octets_that_never_come : size / 2);
    return {std::move(answer), Ending::closed};
  }
  Reply operator()(const RedirectFault& fault) const {
    const auto to = fault == RedirectFault::loop ? std::string(asked.request.target)
                                                 : plain_url(state, asked.request);
    return {redirect_answer(302, to), Ending::honest};
  }
  Reply operator()(const LoginFault& fault) const {
    const auto& request = asked.request;
    const auto challenge = state.authenticator.challenge(
        fault, {request.authorization, request.method, request.target});
    if (!challenge) return {honest(), Ending::honest};
    Answer answer = status_answer(401);
    answer.set("WWW-Authenticate", *challenge);
    return {std::move(answer), Ending::honest};
  }
};

}  // namespace

Answer status_answer(int status) {
  Answer answer = bare_answer(status);
  if (status >= 400) {
    answer.body.content = Content(fmt::format("{} {}\n", status, reason_of(status)));
    answer.set("Content-Type", "text/plain");
  }
  if (status == 401) answer.set("WWW-Authenticate", "Basic realm=\"provphone\"");
  if (may_have_body(status)) set_length(answer, answer.body.size());
  return answer;
}

Reply reply_to(State& state, const Asked& asked) {
  if (!asked.path) return {status_answer(404), Ending::honest};
  // A copy: no fault is std::monostate, whose overload is the honest one.
  const Failing failing = asked.met ? asked.met->fault->failing : Failing{};
  auto reply = std::visit(FaultResponder{state, asked}, failing);
  // The length stays, as it would be for GET; only the octets are held back.
  if (reply.answer && asked.request.method == "HEAD") reply.answer->body = {};
  return reply;
}

}  // namespace provphone::client::serve
