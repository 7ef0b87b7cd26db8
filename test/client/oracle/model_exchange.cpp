#include "test/client/oracle/model_exchange.hpp"

#include "client/scenario/phones.hpp"

#include <memory>

namespace provphone::test {

using namespace provphone::client;

resync::Time ModelExchange::now() const {
  return resync::Time{std::chrono::floor<resync::Duration>(time_.now() - time_.start())};
}

Result<resync::Answered> ModelExchange::answer(const Order& order, const forecast::ServerAct& act) {
  const auto group = scenario::group_of(scenario_, order.phone);
  const auto profile =
      forecast::served_profile(scenario_.server, group, now(), &order.fetch.request);
  auto input =
      forecast::input_of(act, order.fetch, scenario_.server, files_.file(profile, order.phone),
                         scenario_.phones[group].personality);
  if (auto* answered = std::get_if<resync::Answered>(&input)) return std::move(*answered);
  return tl::unexpected(std::get<resync::Failed>(input).error);
}

ModelExchange::Id ModelExchange::start(Order order, OnResolved on_resolved, OnDone on_done) {
  const auto id = ++ids_;
  under_way_.insert(id);
  const auto group = scenario::group_of(scenario_, order.phone);
  const auto& request = order.fetch.request;
  const auto answered =
      server_.ask({now(), order.phone, ++requests_[order.phone], request.url.scheme, &request},
                  scenario_.phones[group].personality);
  if (on_resolved) {
    time_.plan(time_.now(), [this, id, on_resolved, host = resync::host_asked(order.fetch)] {
      if (under_way_.contains(id)) on_resolved(forecast::address_of(host));
    });
  }
  const auto at = time_.start() + answered.at.time_since_epoch();
  auto shared = std::make_shared<Order>(std::move(order));
  time_.plan(at, [this, id, on_done, shared, act = answered.act] {
    if (under_way_.erase(id) > 0) on_done(answer(*shared, act), {});
  });
  return id;
}

void ModelExchange::look_up(const resync::LookUp& wanted, OnRecords on_records) {
  time_.plan(time_.now(), [this, name = wanted.name, on_records] {
    on_records(forecast::srv_records(scenario_.server, name));
  });
}

void ModelExchange::ask_pac(const resync::AskPac& wanted, transport::OnPacSaid on_said) {
  time_.plan(time_.now(),
             [script = wanted.script, on_said] { on_said(forecast::said_by_pac(*script)); });
}

void ModelExchange::send(const resync::Log& /*log*/, OnSent on_sent) {
  on_sent({});
}

}  // namespace provphone::test
