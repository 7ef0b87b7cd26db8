#pragma once

#include "client/forecast/model_server.hpp"
#include "client/transport/exchange.hpp"
#include "test/client/oracle/still_time.hpp"

#include <set>

namespace provphone::test {

// The modelled server of a scenario, for the driver in real time: no socket, and answers when the
// model has them.
class ModelExchange : public client::transport::Exchange {
 public:
  // Both must outlive it.
  ModelExchange(StillTime& time, const client::scenario::Scenario& scenario)
      : time_(time), scenario_(scenario), server_(scenario), files_(scenario) {}

  Id start(Order order, OnResolved on_resolved, OnDone on_done) override;
  void cancel(Id id) override { under_way_.erase(id); }
  void look_up(const resync::LookUp& wanted, OnRecords on_records) override;
  void ask_pac(const resync::AskPac& wanted, client::transport::OnPacSaid on_said) override;
  void send(const resync::Log& log, OnSent on_sent) override;

 private:
  resync::Time now() const;
  Result<resync::Answered> answer(const Order& order, const client::forecast::ServerAct& act);

  StillTime& time_;
  const client::scenario::Scenario& scenario_;
  client::forecast::ModelServer server_;
  client::forecast::ModelFiles files_;
  std::map<std::uint32_t, std::uint32_t> requests_;  // by phone
  std::set<Id> under_way_;
  Id ids_ = 0;
};

}  // namespace provphone::test
