#include "client/forecast/worker.hpp"

#include <algorithm>

// Answers that go over the server's line (link.hpp). When one of them ends depends on who asks
// meanwhile, so that its arrival is known only then.
namespace provphone::client::forecast {

using resync::Time;

void Worker::await_octets(std::uint32_t number, const ModelAnswer& answer) {
  const TransferId id{number, phone(number).requests % token_limit};
  const auto patience = personality_of(number).total_timeout;
  const auto until = patience > resync::Duration{} ? now_ + patience : Time::max();
  unsent_.insert_or_assign(id, Transfer{id, answer.octets, now_, until});
}

bool Worker::begins_transfer(std::uint32_t number, std::uint32_t request) {
  const auto it = unsent_.find({number, request});
  if (it == unsent_.end()) return false;
  link_->begin(it->second, now_);
  unsent_.erase(it);
  queue_link();
  return true;
}

void Worker::withdraw(std::uint32_t number, std::uint32_t request) {
  if (!link_ || unsent_.erase({number, request}) > 0) return;
  link_->drop({number, request}, now_);
  queue_link();
}

void Worker::transfers_end() {
  link_queued_ = Time::max();
  for (const auto& [transfer, is_given_up] : link_->take(now_)) {
    if (is_given_up) {
      give_up(transfer);
    } else {
      figures_.response_us.add(std::chrono::microseconds(now_ - transfer.asked).count());
    }
    answer_arrived(transfer.id.phone, transfer.id.request);
  }
  queue_link();
}

// R-HTTP-11: not all of it was there within total_timeout.
void Worker::give_up(const Transfer& transfer) {
  constexpr auto error = Errc::transfer_timeout;
  const ServerAct act{ServerAct::Kind::fails, static_cast<std::uint16_t>(error), 0};
  const auto number = transfer.id.phone;
  ++figures_.requests_failed;
  ++figures_.errors[error];
  if (!is_awake(number)) {
    phone(number).act = act;
    return;
  }
  for (auto& pending : awake_.at(number)->pending) {
    if (pending && pending->request % token_limit == transfer.id.request) pending->act = act;
  }
}

// One that is in the queue and came too early is passed over, and the next one queued then.
void Worker::queue_link() {
  const auto next = link_->next();
  if (next >= link_queued_) return;
  link_queued_ = next;
  queue_.push({std::max(next, now_).time_since_epoch().count(), range_.first,
               static_cast<std::uint32_t>(Queued::link)});
}

}  // namespace provphone::client::forecast
