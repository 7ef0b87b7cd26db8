#include "client/face/html.hpp"

#include <fmt/format.h>

namespace provphone::client::face {
namespace {

constexpr std::string_view style =
    "body{font:1rem/1.4 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:.5rem;"
    "color:#1b1b1b;background:#fff}"
    "nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;border-bottom:1px solid #999;padding:.5rem 0}"
    "nav a[aria-current]{font-weight:bold}"
    "h1{font-size:1.3rem}h2{font-size:1.1rem;margin:1.2rem 0 .3rem}"
    "h3{font-size:1rem;margin:1rem 0 .2rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.2rem .4rem;border-bottom:1px solid #ddd;"
    "overflow-wrap:anywhere}th{width:16rem;font-weight:normal;color:#444}"
    "input[type=text],input[type=password]{width:100%;box-sizing:border-box;font:inherit;"
    "padding:.2rem}"
    "button{font:inherit;padding:.4rem 1rem;margin:.5rem .5rem .5rem 0}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(max-width:30rem){th,td{display:block;width:auto;border:0}"
    "tr{display:block;border-bottom:1px solid #ddd}}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}th{color:#bbb}"
    "a{color:#9cf}}";

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string html_of(const Page& page) {
  std::string links;
  for (const auto& link : page.links) {
    links += fmt::format("<a href=\"{}\"{}>{}</a>", escaped(link.target),
                         link.is_here ? " aria-current=\"page\"" : "", escaped(link.title));
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n<nav>{2}</nav>\n"
      "<main>\n{3}</main>\n</body>\n</html>\n",
      escaped(page.title), style, links, page.content);
}

std::string table_of(std::string_view heading, const std::vector<Row>& rows) {
  auto text = fmt::format("<h2>{}</h2>\n<table>\n", escaped(heading));
  for (const auto& row : rows) {
    text += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(row.label),
                        row.value.empty() ? "–" : escaped(row.value));
  }
  return text + "</table>\n";
}

}  // namespace provphone::client::face
