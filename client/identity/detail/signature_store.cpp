#include "client/identity/detail/signature_store.hpp"

#include <algorithm>
#include <iterator>

namespace provphone::client::identity::detail {
namespace {

constexpr std::size_t written_at_once = 64;
// About 400 octets each.
constexpr std::size_t most_in_memory = 16'384;

}  // namespace

SignatureStore::SignatureStore(std::unique_ptr<SignatureFile> file) : file_(std::move(file)) {
  if (!file_) return;
  const auto subjects = file_->subjects();
  earlier_.reserve(subjects.size());
  Number number = 0;
  for (const auto& subject : subjects) earlier_.emplace_back(prefix_of(subject), number++);
  std::sort(earlier_.begin(), earlier_.end());
}

SignatureStore::~SignatureStore() {
  write_pending();
}

std::optional<SignatureStore::Number> SignatureStore::earlier(const Digest& subject) const {
  const auto prefix = prefix_of(subject);
  const auto behind =
      std::upper_bound(earlier_.begin(), earlier_.end(), Earlier{prefix, Number(-1)});
  if (behind == earlier_.begin() || std::prev(behind)->first != prefix) return std::nullopt;
  return std::prev(behind)->second;
}

std::optional<SignatureRecord> SignatureStore::find(const Digest& subject) {
  auto number = earlier(subject);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = fresh_.find(subject); found != fresh_.end()) {
      auto& fresh = found->second;
      if (std::exchange(fresh.is_ahead, false)) --ahead_;
      if (!fresh.number) return fresh.record;
      number = fresh.number;
    }
  }
  auto record = number ? file_->read(*number) : std::nullopt;
  if (record && record->subject != subject) record.reset();
  return record;
}

bool SignatureStore::knows(const Digest& subject) const {
  const std::lock_guard lock(mutex_);
  return fresh_.contains(subject) || earlier(subject).has_value();
}

void SignatureStore::keep(SignatureRecord record, Wanted wanted) {
  bool is_time_to_write = false;
  {
    const std::lock_guard lock(mutex_);
    const auto subject = record.subject;
    const bool is_ahead = wanted == Wanted::later;
    if (const auto old = fresh_.find(subject); old != fresh_.end() && old->second.is_ahead)
      --ahead_;
    ahead_ += is_ahead ? 1 : 0;
    fresh_.insert_or_assign(subject, Fresh{std::move(record), std::nullopt, is_ahead});
    if (file_ && file_->has_room()) {
      pending_.push_back(subject);
      is_time_to_write = pending_.size() % written_at_once == 0;
    } else {
      in_memory_.push_back(subject);
      forget_oldest();
    }
  }
  if (is_time_to_write) write_pending();
}

void SignatureStore::forget_oldest() {
  while (in_memory_.size() > most_in_memory) {
    const auto oldest = fresh_.find(in_memory_.front());
    in_memory_.pop_front();
    if (oldest == fresh_.end() || oldest->second.number) continue;
    if (oldest->second.is_ahead) --ahead_;
    fresh_.erase(oldest);
  }
}

std::vector<SignatureRecord> SignatureStore::take_pending() {
  const std::lock_guard lock(mutex_);
  std::vector<SignatureRecord> records;
  for (const auto& subject : std::exchange(pending_, {})) {
    const auto found = fresh_.find(subject);
    if (found != fresh_.end() && !found->second.number) records.push_back(found->second.record);
  }
  return records;
}

void SignatureStore::write_pending() {
  const std::unique_lock writes(writing_, std::try_to_lock);
  if (!file_ || !writes) return;
  const auto records = take_pending();
  if (!records.empty()) written(records, file_->append(records));
}

void SignatureStore::written(const std::vector<SignatureRecord>& records,
                             std::optional<Number> first) {
  const std::lock_guard lock(mutex_);
  for (const auto& record : records) {
    if (!first && file_->has_room()) pending_.push_back(record.subject);
    if (!first && !file_->has_room()) in_memory_.push_back(record.subject);
    if (!first) continue;
    const auto number = (*first)++;
    const auto found = fresh_.find(record.subject);
    // Perhaps another one was made meanwhile, which is still to be written.
    if (found == fresh_.end() || found->second.record.draft != record.draft) continue;
    found->second.number = number;
    found->second.record.signature = {};
  }
  forget_oldest();
}

std::size_t SignatureStore::ahead() const {
  const std::lock_guard lock(mutex_);
  return ahead_;
}

}  // namespace provphone::client::identity::detail
