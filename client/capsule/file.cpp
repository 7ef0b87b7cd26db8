#include "client/capsule/file.hpp"

#include "client/capsule/entry_json.hpp"
#include "client/capsule/gz_lines.hpp"
#include "client/capsule/header_json.hpp"
#include "client/capsule/lines.hpp"
#include "client/trace/json_octets.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace provphone::client::capsule {
namespace {

// Where it cannot be, it stays as readable as files here are.
void keep_for_owner(const std::string& file) {
  using std::filesystem::perms;
  std::error_code ignored;
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write, ignored);
}

tl::unexpected<Error> unwritable(const std::string& name) {
  return fail(Errc::unreadable_file, name + ": cannot be written");
}

}  // namespace

// --- writing

struct CapsuleFile::Inside {
  std::string name, partial, spooled;
  GzFile file, spool;
  bool is_whole = true;

  void put(std::string_view line) { is_whole = is_whole && write_line(file.get(), line); }
  void put_json(const nlohmann::ordered_json& json) { put(trace::json_text(json)); }
};

CapsuleFile::CapsuleFile(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
CapsuleFile::CapsuleFile(CapsuleFile&&) noexcept = default;
CapsuleFile& CapsuleFile::operator=(CapsuleFile&&) noexcept = default;

CapsuleFile::~CapsuleFile() {
  if (!inside_) return;
  for (const auto& name : {inside_->partial, inside_->spooled})
    if (!name.empty()) std::remove(name.c_str());
}

Result<CapsuleFile> CapsuleFile::open(std::string name) {
  auto inside = std::make_unique<Inside>();
  inside->partial = name + ".partial";
  inside->spooled = name + ".trace.partial";
  inside->name = std::move(name);
  inside->file = open_to_write(inside->partial);
  if (!inside->file) return unwritable(inside->name);
  inside->spool = open_to_write(inside->spooled);
  if (!inside->spool) return unwritable(inside->name);
  return CapsuleFile(std::move(inside));
}

void CapsuleFile::add_trace_line(std::string_view line) {
  inside_->is_whole = inside_->is_whole && write_line(inside_->spool.get(), line);
}

Result<void> CapsuleFile::finish(const Manifest& manifest, const Source& source,
                                 const resync::WallClock& wall, const Recorder& recorder) {
  auto& to = *inside_;
  if (manifest.secrets == SecretsAre::kept) keep_for_owner(to.partial);
  const bool replaces = manifest.secrets == SecretsAre::replaced;
  const Rewrite rewrite = [&](std::string_view text) {
    return replaces ? recorder.secrets().replaced(text) : std::string(text);
  };
  to.put_json(manifest_json(manifest));
  to.put_json(source_json(source, rewrite));
  for (const auto& file : source.files) to.put_json(file_json(file, rewrite));
  to.put_json(clock_json(wall));
  const auto& tape = recorder.tape();
  for (const auto& asked : tape.asked) to.put_json(asked_json(asked, rewrite));
  for (std::size_t i = 0; i < tape.bodies.size(); ++i) {
    const auto keys = recorder.keys().find(i);
    to.put_json(body_json(
        i, replaces ? without_secrets(tape.bodies[i],
                                      keys == recorder.keys().end() ? Keys{} : keys->second,
                                      recorder.secrets())
                    : tape.bodies[i]));
  }
  for (const auto& entry : tape.entries) to.put_json(json_of(entry, rewrite));
  to.put(trace_follows);
  const bool is_spooled = close_written(std::move(to.spool));
  const auto spooled = open_to_read(to.spooled);
  for (std::string line; spooled && read_line(spooled.get(), line);) to.put(rewrite(line));
  std::remove(to.spooled.c_str());
  to.spooled.clear();
  if (!close_written(std::move(to.file)) || !spooled || !is_spooled || !to.is_whole ||
      std::rename(to.partial.c_str(), to.name.c_str()) != 0)
    return unwritable(to.name);
  to.partial.clear();
  return {};
}

// --- reading

struct CapsuleReader::Inside {
  GzFile file;
  Capsule capsule;
};

CapsuleReader::CapsuleReader(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
CapsuleReader::CapsuleReader(CapsuleReader&&) noexcept = default;
CapsuleReader& CapsuleReader::operator=(CapsuleReader&&) noexcept = default;
CapsuleReader::~CapsuleReader() = default;

const Capsule& CapsuleReader::capsule() const {
  return inside_->capsule;
}

bool CapsuleReader::next(std::string& line) {
  return read_line(inside_->file.get(), line);
}

bool CapsuleReader::is_capsule(const std::string& file) {
  const auto opened = open_to_read(file);
  std::string line;
  return opened && read_line(opened.get(), line) && line.starts_with(R"({"capsule":)");
}

Result<CapsuleReader> CapsuleReader::open(const std::string& name) {
  auto inside = std::make_unique<Inside>();
  inside->file = open_to_read(name);
  if (!inside->file) return fail(Errc::unreadable_file, name + ": cannot be read");
  CapsuleLines lines;
  std::size_t number = 0;
  for (std::string line;;) {
    if (!read_line(inside->file.get(), line)) {
      return fail(Errc::bad_argument,
                  fmt::format("{}:{}: expected more lines: the capsule is {}", name, number + 1,
                              is_damaged(inside->file.get()) ? "damaged" : "cut off"));
    }
    ++number;
    const auto taken = lines.take(line);
    if (!taken)
      return fail(taken.error().code, fmt::format("{}:{}: {}", name, number, taken.error().detail));
    if (!*taken) break;
  }
  inside->capsule = lines.finish();
  return CapsuleReader(std::move(inside));
}

}  // namespace provphone::client::capsule
