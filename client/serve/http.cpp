#include "client/serve/http.hpp"

#include "client/serve/answer.hpp"

#include <optional>
#include <string>
#include <utility>

namespace provphone::client::serve {
namespace {

// What the provisioning server says to one client.
class Provisioning final : public Respondent {
 public:
  Provisioning(std::shared_ptr<State> state, Protocol protocol)
      : state_(std::move(state)), protocol_(protocol) {}

  std::chrono::milliseconds delay(const Request& request) override {
    // The first call for a request, so that counting it belongs here: what it meets says how long
    // it waits.
    path_ = path_of_target(request.target);
    if (path_) met_ = state_->faults.next(protocol_, *path_);
    return met_ ? met_->fault->delay : std::chrono::milliseconds{};
  }

  Reply answer(const Request& request) override {
    return reply_to(*state_, {protocol_, request, path_, met_});
  }

  std::optional<Answer> refusal(int status) override { return status_answer(status); }

  void over(const Request& request, const Outcome& outcome) override {
    Served served;
    served.at = state_->age(request.arrived);
    served.protocol = name(protocol_);
    served.method = request.method;
    served.path = request.target;
    served.status = outcome.status;
    served.bytes = outcome.bytes;
    served.received = request.body.size();
    if (met_) served.fault = met_->fault->label;
    served.client_address = request.client_address;
    served.client_subject = request.client_subject;
    served.user_agent = request.user_agent;
    // Else a request that is refused next would show this one's fault.
    met_.reset();
    state_->report(served);
  }

 private:
  std::shared_ptr<State> state_;
  Protocol protocol_;
  std::optional<std::string> path_;
  std::optional<MatchedFault> met_;
};

}  // namespace

void serve_http(std::shared_ptr<State> state, Client client) {
  auto connections = connections_of(state);
  auto respondent = std::make_unique<Provisioning>(std::move(state),
                                                   client.tls ? Protocol::https : Protocol::http);
  start_session(std::move(client), {}, std::move(connections), std::move(respondent));
}

}  // namespace provphone::client::serve
