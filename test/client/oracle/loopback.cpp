#include "test/client/oracle/loopback.hpp"

#include "client/forecast/model_server.hpp"
#include "client/transport/socket_exchange.hpp"
#include "test/client/transport/web_server.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <optional>
#include <set>
#include <thread>

namespace provphone::test {

using namespace provphone::client;
using transport::test::After;
using transport::test::Reply;
using transport::test::WebServer;

namespace {

// What a request on the wire is to the model.
resync::Fetch fetch_of(const std::string& text, std::uint16_t port) {
  const auto method_end = text.find(' ');
  const auto path_end = text.find(' ', method_end + 1);
  resync::Fetch fetch;
  fetch.max_bytes = std::size_t{64} << 20U;
  fetch.request.url = {macro::Scheme::http, "127.0.0.1", port,
                       text.substr(method_end + 1, path_end - method_end - 1)};
  if (text.find("\r\nAuthorization:") != std::string::npos) fetch.request.authorization = "some";
  return fetch;
}

Reply on_the_wire(const resync::Answered& answer) {
  std::string text = fmt::format("HTTP/1.1 {} as planned\r\nContent-Length: {}\r\n", answer.status,
                                 answer.body.size());
  if (!answer.location.empty()) text += "Location: " + answer.location + "\r\n";
  if (answer.status == 401) text += "WWW-Authenticate: Basic realm=\"model\"\r\n";
  return {text + "Connection: close\r\n\r\n" + answer.body, After::close};
}

// Real sockets, whose answers are held back until their time has come.
class Delayed final : public transport::Exchange {
 public:
  Delayed(boost::asio::io_context& loop, StillTime& time, resync::Duration latency,
          transport::HttpCarrier carrier, std::size_t& on_their_way)
      : sockets_(loop, {.targets = {}, .names = {}, .http = carrier}),
        time_(time),
        latency_(latency),
        on_their_way_(on_their_way) {}

  Id start(Order order, OnResolved on_resolved, OnDone on_done) override {
    ++on_their_way_;
    const auto at = time_.now() + latency_;
    const auto id = ++ids_;
    wanted_.insert(id);
    const auto inner = sockets_.start(
        std::move(order), std::move(on_resolved),
        [this, id, at, on_done](Result<resync::Answered> answer, const Ended& ended) {
          --on_their_way_;
          inner_.erase(id);
          auto held = std::make_shared<Result<resync::Answered>>(std::move(answer));
          time_.plan(at, [this, id, held, on_done, connection = ended.connection] {
            if (wanted_.erase(id) > 0) on_done(std::move(*held), {{}, connection});
          });
        });
    inner_[id] = inner;
    return id;
  }
  void cancel(Id id) override {
    wanted_.erase(id);
    const auto found = inner_.find(id);
    if (found == inner_.end()) return;
    sockets_.cancel(found->second);
    inner_.erase(found);
    --on_their_way_;
  }
  void look_up(const resync::LookUp& wanted, OnRecords on_records) override {
    sockets_.look_up(wanted, std::move(on_records));
  }
  void ask_pac(const resync::AskPac& wanted, transport::OnPacSaid on_said) override {
    ++on_their_way_;
    sockets_.ask_pac(wanted, [this, at = time_.now(), on_said](Result<std::string> said) {
      --on_their_way_;
      time_.plan(at, [said = std::move(said), on_said] { on_said(said); });
    });
  }
  void send(const resync::Log& log, OnSent on_sent) override {
    sockets_.send(log, std::move(on_sent));
  }

 private:
  transport::SocketExchange sockets_;
  StillTime& time_;
  resync::Duration latency_;
  std::size_t& on_their_way_;
  std::set<Id> wanted_;
  std::map<Id, Id> inner_;
  Id ids_ = 0;
};

}  // namespace

struct Loopback::State {
  boost::asio::io_context loop;
  std::size_t on_their_way = 0;
  StillTime* time = nullptr;
  const scenario::Scenario* scenario = nullptr;
  std::optional<forecast::ModelServer> model;
  std::optional<forecast::ModelFiles> files;
  WebServer server{loop, [this](const std::string& request) { return answer(request); }};

  void play(StillTime& its_time, const scenario::Scenario& its_scenario) {
    time = &its_time;
    scenario = &its_scenario;
    model.emplace(its_scenario);
    files.emplace(its_scenario);
    on_their_way = 0;
  }

  Reply answer(const std::string& text) {
    const auto fetch = fetch_of(text, server.port());
    const resync::Time now{std::chrono::floor<resync::Duration>(time->now() - time->start())};
    const auto& personality = scenario->phones.front().personality;
    const auto answered = model->ask({now, 0, 0, macro::Scheme::http, &fetch.request}, personality);
    const auto profile = forecast::served_profile(scenario->server, 0, now, &fetch.request);
    const auto input = forecast::input_of(answered.act, fetch, scenario->server,
                                          files->file(profile, 0), personality);
    const auto* answer = std::get_if<resync::Answered>(&input);
    return answer != nullptr ? on_the_wire(*answer) : Reply{"", After::reset};
  }
};

Loopback::Loopback() : state_(std::make_unique<State>()) {}
Loopback::~Loopback() = default;

std::uint16_t Loopback::port() const {
  return state_->server.port();
}

MakeAnswering Loopback::answering(resync::Duration latency, transport::HttpCarrier carrier) {
  return [this, latency, carrier](StillTime& time, const scenario::Scenario& scenario) {
    auto& state = *state_;
    state.play(time, scenario);
    return Answering{
        std::make_unique<Delayed>(state.loop, time, latency, carrier, state.on_their_way),
        [&state] {
          while (state.on_their_way > 0) state.loop.run_one();
        }};
  };
}

void Loopback::serve_while(const scenario::Scenario& scenario, const std::function<void()>& work) {
  StillTime time;
  state_->play(time, scenario);
  std::thread turning([this] { state_->loop.run(); });
  work();
  state_->loop.stop();
  turning.join();
  state_->loop.restart();
}

}  // namespace provphone::test
