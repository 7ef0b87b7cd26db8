#include "client/serve/answer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <string_view>

namespace provphone::client::serve {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t chunk_octets = std::size_t{64} << 10;
constexpr std::uint64_t octets_that_never_come = 1000;

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string http_date() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr)));
}

Answer bare_answer(int status) {
  Answer answer;
  answer.result(static_cast<unsigned>(status));
  answer.set(http::field::server, "provphone");
  answer.set(http::field::date, http_date());
  return answer;
}

Answer method_not_allowed(const State& state) {
  Answer answer = status_answer(405);
  answer.set(http::field::allow,
             state.uploads.are_put(state.directory) ? "GET, HEAD, POST, PUT" : "GET, HEAD, POST");
  return answer;
}

Answer content_answer(Content content, const std::string& path) {
  Answer answer = bare_answer(200);
  const bool is_xml = path.size() >= 4 && beast::iequals(path.substr(path.size() - 4), ".xml");
  answer.set(http::field::content_type, is_xml ? "application/xml" : "application/octet-stream");
  answer.content_length(content.size());
  answer.body().content = std::move(content);
  return answer;
}

Answer upload_answer(const State& state, const Asked& asked) {
  switch (state.uploads.store(state.directory, *asked.path, asked.request.body())) {
    case Stored::created:
      return status_answer(201);
    case Stored::replaced:
      return status_answer(200);
    case Stored::refused:
      break;
  }
  return status_answer(403);
}

// POST asks for a file, as GET does, or brings a report: which of them shows in whether there is a
// file.
Answer honest_answer(const State& state, const Asked& asked) {
  const auto method = asked.request.method();
  switch (method) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::post: {
      auto content = find_content(state.directory, *asked.path, asked.met);
      if (content) return content_answer(std::move(*content), *asked.path);
      const bool is_report = method == http::verb::post && state.uploads.are_wanted();
      return is_report ? upload_answer(state, asked) : status_answer(404);
    }
    case http::verb::put:
      return state.uploads.are_put(state.directory) ? upload_answer(state, asked)
                                                    : method_not_allowed(state);
    default:
      return method_not_allowed(state);
  }
}

Reply half_of(Answer answer, Ending ending) {
  answer.body().end = answer.body().content.size() / 2;
  return {std::move(answer), ending};
}

Answer redirect_answer(int status, const std::string& location) {
  Answer answer = status_answer(status);
  if (!location.empty()) answer.set(http::field::location, location);
  return answer;
}

// The same path at the plain listener, under the name by which the client knows this machine.
std::string plain_url(const State& state, const Request& request) {
  const auto host = text_of(request[http::field::host]);
  const auto colon = host.find(':', host.rfind(']') == std::string::npos ? 0 : host.rfind(']'));
  return fmt::format("http://{}:{}{}", host.substr(0, colon), state.http_port,
                     text_of(request.target()));
}

// One overload a kind of fault that the answer as a whole shows; content has been spoilt by then.
struct Misbehave {
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
    const auto size = answer.body().content.size();
    answer.content_length(fault == LengthFault::longer ? size + octets_that_never_come : size / 2);
    return {std::move(answer), Ending::closed};
  }
  Reply operator()(const RedirectFault& fault) const {
    const auto to = fault == RedirectFault::loop ? text_of(asked.request.target())
                                                 : plain_url(state, asked.request);
    return {redirect_answer(302, to), Ending::honest};
  }
  Reply operator()(const LoginFault& fault) const {
    const auto authorization = text_of(asked.request[http::field::authorization]);
    const auto method = text_of(asked.request.method_string());
    const auto target = text_of(asked.request.target());
    const auto challenge = state.gate.challenge(fault, {authorization, method, target});
    if (!challenge) return {honest(), Ending::honest};
    Answer answer = status_answer(401);
    answer.set(http::field::www_authenticate, *challenge);
    return {std::move(answer), Ending::honest};
  }
};

}  // namespace

boost::optional<std::pair<boost::asio::const_buffer, bool>> ContentBody::writer::get(
    beast::error_code& error) {
  error = {};
  const auto left = size(body_) - body_.sent;
  if (left == 0) return boost::none;
  chunk_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, chunk_octets)));
  if (!body_.content.read(body_.sent, chunk_.data(), chunk_.size())) {
    error = http::error::partial_message;  // somebody has cut the file short meanwhile
    return boost::none;
  }
  body_.sent += chunk_.size();
  return {{boost::asio::buffer(chunk_), chunk_.size() < left}};
}

Answer status_answer(int status) {
  Answer answer = bare_answer(status);
  if (status >= 400) {
    answer.body().content = Content(fmt::format("{} {}\n", status, text_of(answer.reason())));
    answer.set(http::field::content_type, "text/plain");
  }
  if (status == 401) answer.set(http::field::www_authenticate, "Basic realm=\"provphone\"");
  if (may_have_body(status)) answer.content_length(ContentBody::size(answer.body()));
  return answer;
}

Reply reply_to(State& state, const Asked& asked) {
  if (!asked.path) return {status_answer(404), Ending::honest};
  const Failing failing = asked.met ? asked.met->fault->failing : Failing{};
  auto reply = std::visit(Misbehave{state, asked}, failing);
  // The length stays, as it would be for GET; only the octets are held back.
  if (reply.answer && asked.request.method() == http::verb::head) reply.answer->body() = Body{};
  return reply;
}

}  // namespace provphone::client::serve
