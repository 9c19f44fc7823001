// Columns of text, objects of JSON, tables of HTML: the same lines.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/probe_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include <fplab/fparith/float/outside_text.h>
#include "tools/probe/order_text.h"
#include "tools/report/html.h"

namespace fplab::tools {
namespace {

constexpr size_t kMostCharts = 12;

std::string FindingsText(const std::vector<Finding>& findings) {
  size_t topic = 0, at = 0;
  for (const Finding& finding : findings) {
    topic = std::max(topic, finding.topic.size());
    at = std::max(at, finding.at.size());
  }
  std::string text;
  for (const Finding& finding : findings) {
    text += fmt::format("  {:{}}  {:{}}  {}\n", finding.topic, topic, finding.at, at, Printable(finding.answer));
    const std::string indent(topic + at + 8, ' ');
    if (!finding.evidence.empty()) text += fmt::format("{}{}\n", indent, Printable(finding.evidence));
    for (const std::string& line : finding.more) text += fmt::format("{}  {}\n", indent, line);
  }
  return text;
}

nlohmann::ordered_json FindingsJson(const std::vector<Finding>& findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    nlohmann::ordered_json one = {{"topic", finding.topic},
                                  {"at", finding.at},
                                  {"answer", finding.answer},
                                  {"evidence", Printable(finding.evidence)}};
    if (!finding.more.empty()) one["more"] = finding.more;
    if (finding.order) one["tree"] = OrderFormula(*finding.order);
    if (!finding.operands.empty()) one["operands"] = finding.operands;
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<std::vector<std::string>> FindingsRows(const std::vector<Finding>& findings) {
  std::vector<std::vector<std::string>> rows = {{"topic", "of", "answer", "evidence"}};
  for (const Finding& finding : findings) rows.push_back({finding.topic, finding.at, finding.answer, finding.evidence});
  return rows;
}

}  // namespace

std::string ProbeText(const ProbeReport& report) {
  std::string text = fmt::format("{}\n{}", Printable(report.library), FindingsText(report.loading));
  for (const FunctionFindings& about : report.functions) {
    text += fmt::format("\n{}   ({})\n{}", Printable(about.function.name), Name(about.function.signature),
                        FindingsText(about.findings));
  }
  return report.finished ? text : text + "\ninterrupted: what is above is what was known\n";
}

nlohmann::ordered_json ProbeJson(const ProbeReport& report) {
  nlohmann::ordered_json functions = nlohmann::ordered_json::array();
  for (const FunctionFindings& about : report.functions) {
    functions.push_back(
        {{"function", about.function.name}, {"kind", about.function.kind}, {"findings", FindingsJson(about.findings)}});
  }
  return {{"library", Printable(report.library)},
          {"finished", report.finished},
          {"loading", FindingsJson(report.loading)},
          {"functions", functions}};
}

Figure ProbeFigure(const ProbeReport& report) {
  Figure figure;
  std::vector<OrderTree> drawn;
  for (const FunctionFindings& about : report.functions) {
    for (const Finding& finding : about.findings) {
      if (!finding.order || figure.charts.size() == kMostCharts) continue;
      const bool known = std::any_of(drawn.begin(), drawn.end(),
                                     [&](const OrderTree& tree) { return SameOrder(tree, *finding.order); });
      if (known) continue;
      drawn.push_back(*finding.order);
      figure.charts.push_back(OrderChart(*finding.order, about.function.name + ", " + finding.at));
    }
  }
  figure.columns = figure.charts.size() > 1 ? 2 : 1;
  const int rows = (static_cast<int>(figure.charts.size()) + figure.columns - 1) / figure.columns;
  figure.width = 1200;
  figure.height = std::max(1, rows) * 380;
  return figure;
}

std::string ProbePage(const ProbeReport& report, const std::string& pictures) {
  const std::string title = "What the arithmetic of " + report.library + " does";
  std::string body = fmt::format("<h1>{}</h1>\n{}", Escape(title), HtmlTable(FindingsRows(report.loading)));
  for (const FunctionFindings& about : report.functions) {
    body += fmt::format("<h2>{}</h2>\n<p>{}</p>\n{}", Escape(about.function.name),
                        Escape(Name(about.function.signature)), HtmlTable(FindingsRows(about.findings)));
    for (const Finding& finding : about.findings) {
      if (finding.more.empty()) continue;
      std::string lines;
      for (const std::string& line : finding.more) lines += line + "\n";
      body += fmt::format("<h3>{}, {}</h3>\n<pre>{}</pre>\n", Escape(finding.topic), Escape(finding.at), Escape(lines));
    }
  }
  return HtmlPage(title, body + pictures);
}

}  // namespace fplab::tools
