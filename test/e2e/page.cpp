#include "test/e2e/page.hpp"

#include "test/e2e/process.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>

namespace provphone::e2e {
namespace {

constexpr const char* fence = "```";
constexpr const char* indented = "    ";

struct Block {
  std::string label;  // behind the fence
  std::size_t line = 0;
  std::vector<std::string> lines;
};

// Those between fences, and those that are indented by four behind an empty line.
std::vector<Block> blocks_of(const std::string& text) {
  enum class In { prose, fenced, indented } in = In::prose;
  std::vector<Block> blocks;
  std::size_t number = 0;
  bool is_behind_empty = true;
  for (const auto& line : lines_of(text)) {
    ++number;
    if (line.starts_with(fence)) {
      in = in == In::fenced ? In::prose : In::fenced;
      if (in == In::fenced) blocks.push_back({line.substr(3), number + 1, {}});
    } else if (in == In::fenced) {
      blocks.back().lines.push_back(line);
    } else if (line.starts_with(indented) && (in == In::indented || is_behind_empty)) {
      if (in == In::prose) blocks.push_back({"", number, {}});
      in = In::indented;
      blocks.back().lines.push_back(line.substr(4));
    } else if (in == In::indented) {
      if (line.empty()) {
        blocks.back().lines.emplace_back();
      } else {
        in = In::prose;
      }
    }
    is_behind_empty = line.empty();
  }
  return blocks;
}

// Whether a shell would go on reading.
bool is_unfinished(const std::string& command) {
  static const std::regex here("<<'?([A-Z]+)'?"), loop("^(for|while|until) ");
  std::smatch found;
  if (command.ends_with('\\') || command.ends_with('|')) return true;
  if (std::regex_search(command, found, here)) return !command.ends_with("\n" + found[1].str());
  return std::regex_search(command, loop) && !std::regex_search(command, std::regex("\\bdone\\b"));
}

// A block of `sh` is typed as it stands; of others what has a prompt is.
void read_block(const Block& block, Page& page) {
  static const std::regex like_a_command(
      R"(^([A-Z_]+=\S+ )*(provphone|sudo|curl|python3|docker|kubectl|git|cmake|\./[a-z]+)\s.*)");
  const bool is_script = block.label == "sh";
  const bool has_prompts =
      std::any_of(block.lines.begin(), block.lines.end(),
                  [](const std::string& line) { return line.starts_with("$ "); });
  bool goes_on = false;
  for (std::size_t i = 0; i < block.lines.size(); ++i) {
    const auto& line = block.lines[i];
    const auto place = page.name + ":" + std::to_string(block.line + i) + ": ";
    if (goes_on) {
      page.commands.back().text += "\n" + line;
    } else if (is_script && !line.empty() && !line.starts_with('#')) {
      page.commands.push_back({block.line + i, line});
    } else if (!is_script && line.starts_with("$ ")) {
      page.commands.push_back({block.line + i, line.substr(2)});
    } else {
      if (block.label.empty() && !has_prompts && std::regex_match(line, like_a_command))
        page.complaints.push_back(place +
                                  "a command without a prompt: put `$ ` before it, or "
                                  "begin the block with ```sh: " +
                                  line);
      continue;
    }
    goes_on = is_unfinished(page.commands.back().text);
  }
  if (goes_on)
    page.complaints.push_back(page.name + ":" + std::to_string(block.line) +
                              ": the last command of this block has no end");
}

bool take(std::string& line, const std::string& word) {
  if (!line.starts_with(word)) return false;
  line.erase(0, word.size());
  return true;
}

Replacement both_sides(const std::string& text) {
  const auto at = text.find(" => ");
  INFO("expected FROM => TO, got " << text);
  REQUIRE(at != std::string::npos);
  return {text.substr(0, at), text.substr(at + 4)};
}

void read_direction(std::string line, Directions& directions) {
  if (take(line, "status ")) {
    directions.status = std::stoi(line);
  } else if (line == "stays") {
    directions.stays = true;
  } else if (take(line, "not run: ")) {
    directions.not_run = line;
  } else if (take(line, "says ")) {
    directions.says.push_back(line);
  } else if (take(line, "then ")) {
    directions.then.push_back(line);
  } else if (take(line, "instead ")) {
    directions.instead.push_back(both_sides(line));
  } else {
    FAIL("expected status, stays, not run, says, then or instead, got " << line);
  }
}

void read_of_page(std::string line, Sheet& sheet) {
  if (take(line, "first ")) {
    sheet.first.push_back(line);
  } else if (take(line, "instead ")) {
    sheet.instead.push_back(both_sides(line));
  } else if (take(line, "yaml ")) {
    const auto [number, file] = both_sides(line);
    sheet.written.emplace(std::stoul(number), file);
  } else {
    FAIL("expected first, instead, yaml or a command, got " << line);
  }
}

}  // namespace

Page read_page(const std::string& name, const std::string& text) {
  Page page;
  page.name = name;
  for (const auto& block : blocks_of(text)) {
    if (block.label != "yaml") {
      read_block(block, page);
      continue;
    }
    page.yaml.emplace_back();
    for (const auto& line : block.lines) page.yaml.back() += line + "\n";
  }
  return page;
}

std::map<std::string, Sheet> read_sheets(const std::filesystem::path& file) {
  std::map<std::string, Sheet> sheets;
  Sheet* sheet = nullptr;
  std::size_t number = 0;
  for (auto line : lines_of(read_file(file))) {
    ++number;
    INFO(file << ":" << number);
    if (line.empty() || line.starts_with('#')) continue;
    if (take(line, "= ")) {
      sheet = &sheets[line];
      continue;
    }
    REQUIRE(sheet != nullptr);
    if (take(line, "$ ")) {
      sheet->directions.push_back({});
      sheet->directions.back().line = number;
      sheet->directions.back().part = line;
    } else if (take(line, "  ")) {
      REQUIRE_FALSE(sheet->directions.empty());
      read_direction(line, sheet->directions.back());
    } else {
      read_of_page(line, *sheet);
    }
  }
  return sheets;
}

}  // namespace provphone::e2e
