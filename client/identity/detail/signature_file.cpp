#include "client/identity/detail/signature_file.hpp"

#include "client/identity/detail/write_file.hpp"
#include "macro/try.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/file.h>
#include <sys/stat.h>

namespace provphone::client::identity::detail {
namespace {

// A hundred thousand certificates under an RSA-2048 root; the oldest of many roots go first.
constexpr std::size_t most_octets = std::size_t{32} << 20U;
constexpr MostKept most_kept{64, std::uintmax_t{256} << 20U};
constexpr const char* ending = ".signatures";

// subject, signed_at, draft, the signature's length; behind the signature the check.
constexpr std::size_t digest_octets = sizeof(Digest);
constexpr std::size_t time_octets = 8, length_octets = 2;
constexpr std::size_t front_octets = 2 * digest_octets + time_octets + length_octets;
constexpr std::size_t check_octets = digest_octets;

void put_number(std::string& octets, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) octets += static_cast<char>(number >> (8 * i) & 0xffU);
}

std::uint64_t number_at(std::string_view octets, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;)
    number = number << 8U | static_cast<unsigned char>(octets[at + i]);
  return number;
}

void put_digest(std::string& octets, const Digest& digest) {
  octets.append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

Digest digest_at(std::string_view octets, std::size_t at) {
  Digest digest{};
  std::copy_n(octets.begin() + static_cast<std::ptrdiff_t>(at), digest.size(), digest.begin());
  return digest;
}

// Held while somebody writes, by no one for long. Nobody waits for it: what cannot be written now
// can be later.
class WriteLock {
 public:
  explicit WriteLock(int file) : file_(file), is_held_(::flock(file, LOCK_EX | LOCK_NB) == 0) {}
  ~WriteLock() {
    if (is_held_) ::flock(file_, LOCK_UN);
  }
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;
  bool is_held() const { return is_held_; }

 private:
  int file_;
  bool is_held_;
};

// So many octets from there; fewer where the file ends before.
std::string read_at(int file, std::size_t at, std::size_t size) {
  std::string octets(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const auto read = ::pread(file, octets.data() + got, size - got, static_cast<off_t>(at + got));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) break;
    got += static_cast<std::size_t>(read);
  }
  octets.resize(got);
  return octets;
}

std::size_t size_of(int file) {
  struct stat found {};
  return ::fstat(file, &found) == 0 ? static_cast<std::size_t>(found.st_size) : 0;
}

bool is_own(int file) {
  struct stat found {};
  constexpr mode_t of_others = 0077;
  return ::fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == ::geteuid() &&
         (found.st_mode & of_others) == 0;
}

}  // namespace

SignatureFile::SignatureFile(int file, std::string header, std::size_t longest)
    : file_(file), header_(std::move(header)), longest_(longest) {}

SignatureFile::~SignatureFile() {
  ::close(file_);
}

std::size_t SignatureFile::record_size() const {
  return front_octets + longest_ + check_octets;
}

Result<std::unique_ptr<SignatureFile>> SignatureFile::open(const std::string& folder,
                                                           const Digest& root,
                                                           std::size_t longest) {
  TRY(make_private_folder(folder));
  const auto name = fmt::format("{:02x}", fmt::join(root, ""));
  const auto path = fmt::format("{}/{}{}", folder, name, ending);
  constexpr mode_t owner_alone = 0600;
  const int file =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, owner_alone);
  if (file < 0)
    return fail(Errc::unreadable_file,
                fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
  std::unique_ptr<SignatureFile> made(new SignatureFile(
      file, fmt::format("provphone signatures 1 {} {}\n", name, longest), longest));
  if (!is_own(file))
    return fail(Errc::unreadable_file, fmt::format("{}: others may read or write it", path));
  if (!made->begin_where_needed())
    return fail(Errc::unreadable_file, fmt::format("{}: another process is making it", path));
  ::futimens(file, nullptr);  // used now, for whoever takes the oldest away
  take_oldest_away(folder, ending, most_kept);
  return made;
}

bool SignatureFile::begin_where_needed() {
  if (read_at(file_, 0, header_.size()) == header_) return true;
  const WriteLock lock(file_);
  if (!lock.is_held()) return false;
  // Another process may have begun it meanwhile.
  if (read_at(file_, 0, header_.size()) == header_) return true;
  return ::ftruncate(file_, 0) == 0 && write_all(file_, header_);
}

std::vector<Digest> SignatureFile::subjects() const {
  constexpr std::size_t at_once = 1'024;
  std::vector<Digest> subjects;
  for (auto at = header_.size();;) {
    const auto octets = read_at(file_, at, at_once * record_size());
    const auto records = octets.size() / record_size();
    for (std::size_t i = 0; i < records; ++i)
      subjects.push_back(digest_at(octets, i * record_size()));
    if (records < at_once) return subjects;
    at += records * record_size();
  }
}

std::optional<SignatureRecord> SignatureFile::read(Number number) const {
  const auto octets = read_at(file_, header_.size() + number * record_size(), record_size());
  if (octets.size() != record_size()) return std::nullopt;
  const std::string_view all = octets;
  const auto checked = all.size() - check_octets;
  if (digest_of(all.substr(0, checked)) != digest_at(all, checked)) return std::nullopt;
  SignatureRecord record;
  record.subject = digest_at(all, 0);
  record.signed_at = static_cast<std::int64_t>(number_at(all, digest_octets, time_octets));
  record.draft = digest_at(all, digest_octets + time_octets);
  const auto length = number_at(all, front_octets - length_octets, length_octets);
  record.signature = all.substr(front_octets, std::min<std::size_t>(length, longest_));
  return record;
}

std::string SignatureFile::octets_of(const SignatureRecord& record) const {
  std::string octets;
  put_digest(octets, record.subject);
  put_number(octets, static_cast<std::uint64_t>(record.signed_at), time_octets);
  put_digest(octets, record.draft);
  put_number(octets, record.signature.size(), length_octets);
  octets += record.signature;
  octets.resize(front_octets + longest_, '\0');
  put_digest(octets, digest_of(octets));
  return octets;
}

std::optional<SignatureFile::Number> SignatureFile::append(
    std::span<const SignatureRecord> records) {
  const WriteLock lock(file_);
  if (!lock.is_held()) return std::nullopt;
  auto size = size_of(file_);
  // What another process had begun to write and did not end.
  const auto behind = size < header_.size() ? 0 : (size - header_.size()) % record_size();
  size -= behind;
  std::string octets;
  for (const auto& record : records) octets += octets_of(record);
  has_room_ = size >= header_.size() && size + octets.size() <= most_octets &&
              (behind == 0 || ::ftruncate(file_, static_cast<off_t>(size)) == 0);
  if (!has_room_) return std::nullopt;
  if (!write_all(file_, octets)) {
    // The disk is full. What is there of it would be cut off by the next process as well.
    has_room_ = false;
    static_cast<void>(::ftruncate(file_, static_cast<off_t>(size)) == 0);
    return std::nullopt;
  }
  return static_cast<Number>((size - header_.size()) / record_size());
}

}  // namespace provphone::client::identity::detail
