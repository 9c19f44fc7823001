// Escaping, tables, pictures and the frame of the page.
// SPDX-License-Identifier: Apache-2.0
#include "tools/report/html.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace fplab::tools {
namespace {

// Pictures are drawn on white; in the dark they are turned over, hues kept.
constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--bg:#fff;--fg:#1c1c1c;--mute:#666;--line:#ddd;--card:#f5f5f5;--accent:#0072b2}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:66rem;background:var(--bg);color:var(--fg);
 font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:.5rem 0}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:2px solid var(--line);overflow-wrap:anywhere}
h3{font-size:1.05rem;margin:1.8rem 0 .4rem}
p{margin:.4rem 0}
.mute{color:var(--mute);font-size:.9rem}
.note{border-left:4px solid #e69f00;background:var(--card);padding:.4rem .8rem;margin:.5rem 0}
.big{display:flex;flex-wrap:wrap;gap:.6rem;margin:.8rem 0}
.big div{background:var(--card);border-radius:.5rem;padding:.5rem .9rem}
.big b{display:block;font-size:1.3rem;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem}
figure{margin:0}
svg{max-width:100%;height:auto;background:#fff;border-radius:.4rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .7rem .25rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}
td{overflow-wrap:anywhere}
code{overflow-wrap:anywhere;font-size:.88rem}
.digits{display:grid;grid-template-columns:repeat(auto-fill,minmax(3.6rem,1fr));gap:.5rem}
.digits figure{text-align:center;font-size:.82rem}
img{image-rendering:pixelated;max-width:100%}
.digits img{width:100%;border-radius:.3rem}
.weights{width:100%;max-width:42rem}
@media(prefers-color-scheme:dark){
 :root{--bg:#161616;--fg:#e8e8e8;--mute:#a0a0a0;--line:#3a3a3a;--card:#242424}
 svg{filter:invert(.9) hue-rotate(180deg)}
}
)";

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Removes every NAME="..." attribute of that name.
void DropAttribute(std::string& text, std::string_view name) {
  const std::string start = std::string(name) + "=\"";
  for (size_t at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
    const size_t end = text.find('"', at + start.size());
    if (end == std::string::npos) return;
    text.erase(at, end + 1 - at);
  }
}

bool LooksLikeNumber(std::string_view text) {
  if (text.empty() || text == "–") return true;
  return text.find_first_not_of("0123456789.+-e% ") == std::string_view::npos;
}

// The bytes with what is not UTF-8 replaced, by the JSON library's means.
std::string ValidUtf8(std::string_view text) {
  const std::string quoted =
      nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return nlohmann::json::parse(quoted).get<std::string>();
}

}  // namespace

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : ValidUtf8(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? std::string("\xef\xbf\xbd")
                                                                                  : std::string(1, c);
    }
  }
  return escaped;
}

std::string HtmlTable(const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return "";
  std::vector<bool> numbers(rows[0].size(), true);
  for (size_t r = 1; r < rows.size(); ++r) {
    for (size_t c = 0; c < rows[r].size() && c < numbers.size(); ++c) {
      numbers[c] = numbers[c] && LooksLikeNumber(rows[r][c]);
    }
  }
  std::string html = "<div class=\"scroll\"><table>\n";
  for (size_t r = 0; r < rows.size(); ++r) {
    html += "<tr>";
    for (size_t c = 0; c < rows[r].size(); ++c) {
      const char* cell = r == 0 ? "th" : "td";
      const bool right = c < numbers.size() && numbers[c];
      html += fmt::format("<{}{}>{}</{}>", cell, right ? " class=\"n\"" : "", Escape(rows[r][c]), cell);
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string InlineSvg(std::string_view svg, std::string_view prefix) {
  const size_t start = svg.find("<svg");
  std::string text(start == std::string_view::npos ? std::string_view() : svg.substr(start));
  for (const char* name : {"xmlns:xlink", "xmlns"}) DropAttribute(text, name);
  for (const char quote : {'"', '\''}) {
    const std::string id = std::string(" id=") + quote, link = std::string("xlink:href=") + quote + "#";
    ReplaceAll(text, id, id + std::string(prefix));
    ReplaceAll(text, link, std::string("href=") + quote + "#" + std::string(prefix));
  }
  ReplaceAll(text, "url(#", "url(#" + std::string(prefix));
  ReplaceAll(text, "xlink:href=", "href=");
  ReplaceAll(text, "<title>Gnuplot</title>", "");
  return text;
}

std::string HtmlPage(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      Escape(title), kStyle, body);
}

}  // namespace fplab::tools
