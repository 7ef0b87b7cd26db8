#pragma once

#include "client/identity/detail/signature_file.hpp"

#include <cstring>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace provphone::client::identity::detail {

// The signatures of one root that are at hand: those of its file, and this run's. All from any
// thread.
class SignatureStore {
 public:
  // Without a file all is in memory, and of very many signatures the oldest are forgotten.
  explicit SignatureStore(std::unique_ptr<SignatureFile> file);
  ~SignatureStore();  // writes what is still to be written
  SignatureStore(const SignatureStore&) = delete;
  SignatureStore& operator=(const SignatureStore&) = delete;

  // The newest one of that subject; nothing: there is none, or it is damaged.
  std::optional<SignatureRecord> find(const Digest& subject);
  // Whether find() is likely to find one.
  bool knows(const Digest& subject) const;

  enum class Wanted : std::uint8_t { now, later };
  void keep(SignatureRecord record, Wanted wanted);
  // Those that were wanted later and that nobody has asked for yet.
  std::size_t ahead() const;

 private:
  using Number = SignatureFile::Number;

  struct Fresh {
    SignatureRecord record;        // without the signature once that is written
    std::optional<Number> number;  // where it is written
    bool is_ahead;
  };
  // Digests are as good as drawn by lot.
  struct HashOfDigest {
    std::size_t operator()(const Digest& digest) const { return prefix_of(digest); }
  };
  // In the file before this run, by the digest's first octets. In order; of one subject the newest
  // is last.
  using Earlier = std::pair<std::uint64_t, Number>;

  static std::uint64_t prefix_of(const Digest& digest) {
    std::uint64_t prefix = 0;
    std::memcpy(&prefix, digest.data(), sizeof prefix);
    return prefix;
  }

  std::optional<Number> earlier(const Digest& subject) const;
  void write_pending();
  std::vector<SignatureRecord> take_pending();
  void written(const std::vector<SignatureRecord>& records, std::optional<Number> first);
  void forget_oldest();

  std::unique_ptr<SignatureFile> file_;
  std::vector<Earlier> earlier_;

  std::mutex writing_;        // one at a time, and not under the other
  mutable std::mutex mutex_;  // of all that follows
  std::unordered_map<Digest, Fresh, HashOfDigest> fresh_;
  std::vector<Digest> pending_;   // to be written
  std::deque<Digest> in_memory_;  // that are not going to be written, the oldest first
  std::size_t ahead_ = 0;
};

}  // namespace provphone::client::identity::detail
