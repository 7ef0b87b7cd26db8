#pragma once

#include "client/identity/cache_folder.hpp"
#include "client/identity/detail/signature.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// The signatures that a root has made, in a file. Records of one size, each with a check of its
// own: a damaged one is none, and nothing behind it is lost. Several processes may use one file.
namespace provphone::client::identity::detail {

struct SignatureRecord {
  Digest subject{};            // whose certificate it is; see device_mint.cpp
  std::int64_t signed_at = 0;  // in seconds since 1970
  Digest draft{};              // what was signed
  std::string signature;
};

class SignatureFile {
 public:
  using Number = std::uint32_t;

  // Of the root with that digest, whose signatures have at most `longest` octets. Makes what is not
  // there, and begins anew what is no such file. Fails with unreadable_file.
  static Result<std::unique_ptr<SignatureFile>> open(const std::string& folder, const Digest& root,
                                                     std::size_t longest);
  ~SignatureFile();
  SignatureFile(const SignatureFile&) = delete;
  SignatureFile& operator=(const SignatureFile&) = delete;

  // Whose signatures there are, in the order in which they were made. Not checked.
  std::vector<Digest> subjects() const;

  // Nothing: it is damaged, or not there any more. From any thread.
  std::optional<SignatureRecord> read(Number number) const;

  // The number of the first one of them; the others' follow. Nothing: they were not kept, now since
  // another process is writing, or for good since there is no room. From any thread.
  std::optional<Number> append(std::span<const SignatureRecord> records);
  bool has_room() const { return has_room_; }

 private:
  SignatureFile(int file, std::string header, std::size_t longest);

  bool begin_where_needed();
  std::string octets_of(const SignatureRecord& record) const;
  std::size_t record_size() const;

  int file_;
  std::string header_;
  std::size_t longest_;
  std::atomic<bool> has_room_ = true;
};

}  // namespace provphone::client::identity::detail
