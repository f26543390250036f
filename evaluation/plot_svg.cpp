#include "core/plain_text.hpp"
#include "evaluation/plot.hpp"
#include "evaluation/plot_axes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace coldvigil {
namespace {

constexpr double left = 64, right = 24, top = 64, bottom = 34;
constexpr double strip = 16; ///< px, height of the lines that name alarms and faults
constexpr double score_part = 0.24;
constexpr double most_score = 4;                    ///< beyond it the score is cut off
constexpr double longest_line_ms = 3 * 3'600'000.0; ///< a longer silence is a hole in the trace

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

double ms(timestamp at) {
  return static_cast<double>(to_ms(at));
}

/// The picture while it is drawn.
class drawing {
 public:
  drawing(const plot_data& data, const plot_size& size) : data_(data), size_(size) {
    const bool scored = !data.scores.empty();
    const double inner = size.height - top - bottom - 2 * strip;
    const double upper = scored ? inner * (1 - score_part) : inner;
    trace_bottom_ = top + strip + upper;
    score_top_ = trace_bottom_ + strip + 12;
    floor_ = scored ? size.height - bottom : trace_bottom_ + strip;
    const timestamp begin = data.trace.empty() ? timestamp{} : data.trace.front().at;
    const timestamp end = data.trace.empty() ? begin + std::chrono::hours{1} : data.trace.back().at;
    x_ = {ms(begin), std::max(ms(end), ms(begin) + 1), left, size.width - right};
    y_ = fit_temperatures();
  }

  std::string make() {
    open();
    grid();
    spans(data_.faults, trace_bottom_, "#9aa1ab", "#4b5563", false);
    spans(data_.alarms, top, "#d92d20", "#8f1d14", true);
    out_ += "<g clip-path=\"url(#trace)\">\n";
    band();
    limit(data_.low);
    limit(data_.high);
    trace();
    out_ += "</g>\n";
    limit_name(data_.low, "low");
    limit_name(data_.high, "high");
    if (!data_.scores.empty()) score();
    out_ += "</g>\n</svg>\n";
    return std::move(out_);
  }

 private:
  [[nodiscard]] linear_axis fit_temperatures() const {
    std::vector<double> values;
    for (const plot_point& each : data_.trace)
      if (each.value) values.push_back(in_celsius(*each.value));
    double low = 0;
    double high = 1;
    if (!values.empty()) {
      std::sort(values.begin(), values.end());
      const std::size_t edge = values.size() / 500;
      low = values[edge];
      high = values[values.size() - 1 - edge];
      // A few far values (spikes, another scale) must not squeeze the rest to a line; near ones are shown.
      const double usual = std::max(high - low, 0.5);
      if (values.back() - values.front() < 3 * usual) {
        low = values.front();
        high = values.back();
      }
      for (const auto& each : {data_.low, data_.high})
        if (each && in_celsius(*each) > low - 1.5 * usual && in_celsius(*each) < high + 1.5 * usual) {
          low = std::min(low, in_celsius(*each));
          high = std::max(high, in_celsius(*each));
        }
    }
    const double margin = std::max(0.06 * (high - low), 0.2);
    return {low - margin, high + margin, trace_bottom_, top + strip};
  }

  void open() {
    const std::string w = std::to_string(size_.width);
    const std::string h = std::to_string(size_.height);
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h + "\" viewBox=\"0 0 " + w +
           " " + h + "\" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"12\">\n";
    out_ += "<title>" + escaped(data_.title) + "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
    clip("trace", top + strip, trace_bottom_);
    clip("score", score_top_, floor_);
    text(left, 26, data_.title, "font-size=\"16\" font-weight=\"600\" fill=\"#111827\"");
    legend();
    out_ += "<g>\n";
  }
  [[nodiscard]] std::string span() const {
    const auto minutes = [](double at) {
      std::string text = format_utc(from_ms(static_cast<std::int64_t>(at)));
      text[10] = ' ';
      return text.substr(0, 16);
    };
    return minutes(x_.from) + " to " + minutes(x_.to) + " UTC";
  }
  void clip(const char* id, double from, double to) {
    out_ += std::string("<clipPath id=\"") + id + "\"><rect x=\"" + number(left) + "\" y=\"" + number(from) +
            "\" width=\"" + number(size_.width - left - right) + "\" height=\"" + number(std::max(0.0, to - from)) +
            "\"/></clipPath>\n";
  }
  void text(double x, double y, const std::string& what, const std::string& style) {
    out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + style + ">" + escaped(what) + "</text>\n";
  }
  void line(double x1, double y1, double x2, double y2, const std::string& style) {
    out_ += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) +
            "\" " + style + "/>\n";
  }

  void legend() {
    double x = left;
    const auto entry = [&](const char* name, const std::string& mark) {
      out_ += "<g transform=\"translate(" + number(x) + ",42)\">" + mark + "</g>\n";
      text(x + 24, 46, name, "fill=\"#4b5563\"");
      x += 34 + 7.0 * static_cast<double>(std::string(name).size());
    };
    const auto bar = [](const char* colour, const char* opacity) {
      return std::string("<rect y=\"-5\" width=\"18\" height=\"10\" fill=\"") + colour + "\" fill-opacity=\"" +
             opacity + "\"/>";
    };
    const auto stroke = [](const char* style) { return std::string("<path d=\"M0 0H18\" ") + style + "/>"; };
    entry("temperature", stroke("stroke=\"#1f4e8c\" stroke-width=\"1.6\""));
    if (std::any_of(data_.scores.begin(), data_.scores.end(), [](const plot_score& s) { return s.lower.has_value(); }))
      entry("forecast", bar("#60a5fa", "0.35"));
    if (data_.low || data_.high) entry("limits", stroke("stroke=\"#b45309\" stroke-dasharray=\"5 4\""));
    if (!data_.alarms.empty()) entry("alarm", bar("#d92d20", "0.8"));
    if (!data_.faults.empty()) entry("known fault", bar("#9aa1ab", "1"));
  }

  void grid() {
    for (const axis_tick& tick : round_ticks(y_.from, y_.to, 7)) {
      line(left, y_(tick.value), size_.width - right, y_(tick.value), "stroke=\"#e5e7eb\"");
      text(left - 8, y_(tick.value) + 4, tick.text, "text-anchor=\"end\" fill=\"#4b5563\"");
    }
    const int wanted = std::max(2, (size_.width - 88) / 110);
    for (const axis_tick& tick :
         time_ticks(from_ms(static_cast<std::int64_t>(x_.from)), from_ms(static_cast<std::int64_t>(x_.to)), wanted)) {
      line(x_(tick.value), top + strip, x_(tick.value), floor_, "stroke=\"#f0f1f3\"");
      const bool at_edge = x_(tick.value) > size_.width - right - 30;
      text(x_(tick.value), floor_ + 18, tick.text,
           std::string("fill=\"#4b5563\" text-anchor=\"") + (at_edge ? "end" : "middle") + "\"");
    }
    text(16, (top + strip + trace_bottom_) / 2, "°C", "fill=\"#4b5563\"");
    text(size_.width - right, 26, span(), "text-anchor=\"end\" fill=\"#6b7280\"");
  }

  /// Coloured strips with names above or below the trace; alarms also tint the trace.
  void spans(const std::vector<plot_span>& all, double y, const std::string& colour, const std::string& name_colour,
             bool tint) {
    double free_from = 0;
    for (const plot_span& each : all) {
      const double from = std::clamp(x_(ms(each.from)), left, size_.width - right);
      const double to = std::clamp(x_(ms(each.to)), from, size_.width - right);
      if (x_(ms(each.to)) < left || x_(ms(each.from)) > size_.width - right) continue;
      const double width = std::max(2.0, to - from);
      const std::string opacity = each.strong ? "0.85" : "0.35";
      out_ += "<rect x=\"" + number(from) + "\" y=\"" + number(y + strip - 5) + "\" width=\"" + number(width) +
              "\" height=\"4\" fill=\"" + colour + "\" fill-opacity=\"" + opacity + "\"><title>" + escaped(each.name) +
              "</title></rect>\n";
      if (tint)
        out_ += "<rect x=\"" + number(from) + "\" y=\"" + number(top + strip) + "\" width=\"" + number(width) +
                "\" height=\"" + number(trace_bottom_ - top - strip) + "\" fill=\"" + colour + "\" fill-opacity=\"" +
                (each.strong ? "0.08" : "0.04") + "\"/>\n";
      // Names that would run into each other are left to the tooltip.
      const double length = 6.0 * static_cast<double>(each.name.size());
      if (from < free_from || from + length > size_.width) continue;
      text(from, y + strip - 7, each.name, "font-size=\"11\" fill=\"" + name_colour + "\"");
      free_from = from + length + 2;
    }
  }

  void limit(const std::optional<milli_celsius>& at) {
    if (!at) return;
    line(left, y_(in_celsius(*at)), size_.width - right, y_(in_celsius(*at)),
         "stroke=\"#b45309\" stroke-dasharray=\"5 4\"");
  }
  void limit_name(const std::optional<milli_celsius>& at, const std::string& name) {
    if (!at) return;
    const double y = y_(in_celsius(*at));
    if (y < top + strip || y > trace_bottom_) return;
    text(size_.width - right - 2, y - 4, name, "text-anchor=\"end\" font-size=\"11\" fill=\"#b45309\"");
  }

  /// A path through (x, y) with a hole where the time is too long, thinned to first, lowest, highest and last of every
  /// pixel column.
  struct thinned_path {
    std::string d;
    double column = -1, column_first_y = 0, low = 0, high = 0, last = 0;
    bool open = false;
    void flush() {
      if (column < 0) return;
      for (const double y : {column_first_y, low, high, last}) {
        d += (open ? "L" : "M") + number(column) + " " + number(y);
        open = true;
      }
      column = -1;
    }
    void add(double x, double y, bool hole) {
      if (hole) {
        flush();
        open = false;
      }
      const double here = std::floor(x * 2) / 2;
      if (here == column) {
        low = std::min(low, y);
        high = std::max(high, y);
        last = y;
        return;
      }
      flush();
      column = here;
      column_first_y = low = high = last = y;
    }
  };

  void trace() {
    thinned_path path;
    std::optional<double> before;
    for (const plot_point& each : data_.trace) {
      if (!each.value) continue;
      path.add(x_(ms(each.at)), y_(in_celsius(*each.value)), before && ms(each.at) - *before > longest_line_ms);
      before = ms(each.at);
    }
    path.flush();
    out_ += "<path d=\"" + path.d +
            "\" fill=\"none\" stroke=\"#1f4e8c\" stroke-width=\"1.2\" stroke-linejoin=\"round\"/>\n";
  }

  void band() {
    // One rectangle a pixel column: the widest the band is there.
    double column = -1;
    double upper = 0;
    double lower = 0;
    std::string d;
    const auto flush = [&] {
      if (column >= 0) d += "M" + number(column) + " " + number(upper) + "h1.0V" + number(lower) + "h-1.0z";
      column = -1;
    };
    for (const plot_score& each : data_.scores) {
      if (!each.lower || !each.upper) continue;
      const double here = std::floor(x_(ms(each.at)));
      const double a = std::clamp(y_(*each.upper), -1e5, 1e5);
      const double b = std::clamp(y_(*each.lower), -1e5, 1e5);
      if (here != column) {
        // Up to the next point, so that few points still make a band.
        const double from = column;
        flush();
        if (from >= 0 && here - from > 1 && here - from < 40)
          d += "M" + number(from + 1) + " " + number(upper) + "H" + number(here) + "V" + number(lower) + "H" +
               number(from + 1) + "z";
        column = here;
        upper = a;
        lower = b;
      } else {
        upper = std::min(upper, a);
        lower = std::max(lower, b);
      }
    }
    flush();
    if (!d.empty()) out_ += "<path d=\"" + d + "\" fill=\"#60a5fa\" fill-opacity=\"0.35\"/>\n";
  }

  void score() {
    double highest = 1.5;
    for (const plot_score& each : data_.scores)
      if (std::isfinite(each.score)) highest = std::max(highest, each.score * 1.05);
    const linear_axis y{0, std::min(highest, most_score), floor_, score_top_};
    for (const axis_tick& tick : round_ticks(y.from, y.to, 3)) {
      line(left, y(tick.value), size_.width - right, y(tick.value), "stroke=\"#e5e7eb\"");
      text(left - 8, y(tick.value) + 4, tick.text, "text-anchor=\"end\" fill=\"#4b5563\"");
    }
    line(left, y(1), size_.width - right, y(1), "stroke=\"#d92d20\" stroke-dasharray=\"3 3\"");
    text(8, (score_top_ + floor_) / 2, "score", "fill=\"#4b5563\"");
    thinned_path path;
    std::optional<double> before;
    for (const plot_score& each : data_.scores) {
      if (!std::isfinite(each.score)) continue;
      path.add(x_(ms(each.at)), y(std::min(each.score, y.to)), before && ms(each.at) - *before > longest_line_ms);
      before = ms(each.at);
    }
    path.flush();
    out_ += "<path clip-path=\"url(#score)\" d=\"" + path.d +
            "\" fill=\"none\" stroke=\"#6d28d9\" stroke-width=\"1.2\"/>\n";
  }

  const plot_data& data_;
  plot_size size_;
  double trace_bottom_ = 0, score_top_ = 0, floor_ = 0;
  linear_axis x_, y_;
  std::string out_;
};

} // namespace

std::string plot_svg(const plot_data& data, const plot_size& size) {
  return drawing(data, size).make();
}

} // namespace coldvigil
