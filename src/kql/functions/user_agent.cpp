// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/user_agent.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

// The family of an agent with this mark, whose version stands behind it. The first that fits is taken: a browser that
// claims to be another one, too, stands before it.
struct Family {
  std::string_view mark;
  std::string_view family;
  std::string_view version_mark = {};  // where the version stands elsewhere
  std::string_view also = {};          // a second mark that has to be there
};

constexpr Family kBrowsers[] = {
    {"Googlebot/", "Googlebot"},
    {"bingbot/", "bingbot"},
    {"YandexBot/", "YandexBot"},
    {"DuckDuckBot/", "DuckDuckBot"},
    {"Applebot/", "Applebot"},
    {"facebookexternalhit/", "FacebookBot"},
    {"AdobeAIR/", "AdobeAIR"},
    {"Series60/", "Nokia OSS Browser"},
    {"UCBrowser/", "UC Browser"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"YaBrowser/", "Yandex Browser"},
    {"Vivaldi/", "Vivaldi"},
    {"OPR/", "Opera Mobile", {}, "Mobile"},
    {"OPR/", "Opera"},
    {"Opera Mini/", "Opera Mini"},
    {"Opera/", "Opera", "Version/"},
    {"EdgA/", "Edge Mobile"},
    {"EdgiOS/", "Edge Mobile"},
    {"Edg/", "Edge"},
    {"Edge/", "Edge"},
    {"FxiOS/", "Firefox iOS"},
    {"CriOS/", "Chrome Mobile iOS"},
    {"HeadlessChrome/", "HeadlessChrome"},
    {"Electron/", "Electron"},
    {"Firefox/", "Firefox Mobile", {}, "Mobile"},
    {"Firefox/", "Firefox"},
    {"Chrome/", "Chrome Mobile WebView", {}, "; wv)"},
    {"Chrome/", "Chrome Mobile", {}, "Mobile"},
    {"Chromium/", "Chromium"},
    {"Chrome/", "Chrome"},
    {"MSIE ", "IE Mobile", {}, "IEMobile"},
    {"MSIE ", "IE"},
    {"Trident/7", "IE", "rv:"},
    {"Safari/", "Mobile Safari", "Version/", "Mobile/"},
    {"Android ", "Android", {}, "AppleWebKit"},
    {"Safari/", "Safari", "Version/"},
    {"AppleWebKit/", "Mobile Safari UI/WKWebView", "OS ", "Mobile/"},
    {"curl/", "curl"},
    {"Wget/", "Wget"},
    {"python-requests/", "Python Requests"},
    {"Python-urllib/", "Python-urllib"},
    {"Go-http-client/", "Go-http-client"},
    {"okhttp/", "okhttp"},
    {"Apache-HttpClient/", "Apache-HttpClient"},
    {"PostmanRuntime/", "PostmanRuntime"},
    {"axios/", "axios"},
    {"docker/", "docker"},
    {"containerd/", "containerd"},
    {"kubectl/", "kubectl"},
};

constexpr Family kSystems[] = {
    {"Windows Phone ", "Windows Phone"},
    {"SymbianOS/", "Symbian OS"},
    {"CrOS ", "Chrome OS"},
    {"Android ", "Android"},
    {"iPhone OS ", "iOS"},
    {"CPU OS ", "iOS"},
    {"Mac OS X ", "Mac OS X"},
    {"Mac OS X", "Mac OS X"},
    {"Tizen ", "Tizen"},
    {"Ubuntu/", "Ubuntu"},
    {"Ubuntu", "Ubuntu"},
    {"Fedora/", "Fedora"},
    {"FreeBSD", "FreeBSD"},
    {"OpenBSD", "OpenBSD"},
    {"Linux", "Linux"},
    {"linux", "Linux"},
};

struct WindowsRelease {
  std::string_view mark, release;
};
constexpr WindowsRelease kWindows[] = {{"Windows NT 10.0", "10"}, {"Windows NT 6.3", "8.1"},   {"Windows NT 6.2", "8"},  {"Windows NT 6.1", "7"},
                                       {"Windows NT 6.0", "Vista"}, {"Windows NT 5.2", "XP"}, {"Windows NT 5.1", "XP"}, {"Windows NT 5.0", "2000"},
                                       {"Windows 98", "98"},       {"Windows 95", "95"}};

constexpr std::string_view kVersionMembers[] = {"MajorVersion", "MinorVersion", "Patch", "PatchMinor"};

// "10_15_7" and "10.15.7" in parts.
std::vector<std::string> version_parts(std::string_view text, std::size_t at) {
  std::vector<std::string> out;
  std::string part;
  for (; at < text.size() && out.size() < std::size(kVersionMembers); ++at) {
    const char c = text[at];
    if (c >= '0' && c <= '9') {
      part += c;
      continue;
    }
    if ((c != '.' && c != '_') || part.empty()) break;
    out.push_back(std::move(part));
    part.clear();
  }
  if (!part.empty() && out.size() < std::size(kVersionMembers)) out.push_back(std::move(part));
  return out;
}

base::JsonObject described(std::string_view family, const std::vector<std::string>& version, std::size_t parts) {
  base::JsonObject out{{"Family", family}};
  for (std::size_t i = 0; i < parts; ++i) out[kVersionMembers[i]] = i < version.size() ? version[i] : std::string();
  return out;
}

template <std::size_t size>
base::JsonObject first_family(std::string_view text, const Family (&families)[size], std::size_t parts) {
  for (const Family& each : families) {
    const auto at = text.find(each.mark);
    if (at == std::string_view::npos || (!each.also.empty() && text.find(each.also) == std::string_view::npos)) continue;
    const auto version = each.version_mark.empty() ? at : text.find(each.version_mark);
    if (version == std::string_view::npos) return described(each.family, {}, parts);
    return described(each.family, version_parts(text, version + (each.version_mark.empty() ? each.mark : each.version_mark).size()), parts);
  }
  return described("Other", {}, parts);
}

base::JsonObject system_of(std::string_view text) {
  for (const WindowsRelease& each : kWindows)
    if (text.find(each.mark) != std::string_view::npos) return described("Windows", {std::string(each.release)}, 4);
  if (text.find("Windows;") != std::string_view::npos) return described("Windows", {}, 4);
  return first_family(text, kSystems, 4);
}

base::JsonObject device_named(std::string_view family, std::string_view brand, std::string_view model) {
  return {{"Family", family}, {"Brand", brand}, {"Model", model}};
}

// "Pixel 7" of "(Linux; Android 13; Pixel 7 Build/TQ2A)".
std::string_view android_model(std::string_view text) {
  const auto android = text.find("Android ");
  if (android == std::string_view::npos) return {};
  std::string_view rest = text.substr(android, text.find(')', android) - android);
  const auto semicolon = rest.find("; ");
  if (semicolon == std::string_view::npos) return {};
  rest.remove_prefix(semicolon + 2);
  return base::trim(rest.substr(0, std::min(rest.find(" Build/"), rest.find(';'))));
}

std::string_view brand_of(std::string_view model) {
  constexpr std::pair<std::string_view, std::string_view> kBrands[] = {{"SM-", "Samsung"}, {"GT-", "Samsung"},   {"Pixel", "Google"},     {"Nexus", "Google"},
                                                                      {"moto", "Motorola"}, {"Mi ", "XiaoMi"},   {"Redmi", "XiaoMi"},     {"ONEPLUS", "OnePlus"},
                                                                      {"HUAWEI", "Huawei"}, {"LG-", "LG"},       {"Nokia", "Nokia"},      {"HTC", "HTC"}};
  for (const auto& [mark, brand] : kBrands)
    if (begins_folded(model, mark)) return brand;
  return "Generic_Android";
}

base::JsonObject device_of(std::string_view text) {
  if (contains_folded(text, "bot/") || contains_folded(text, "spider") || contains_folded(text, "crawler"))
    return device_named("Spider", "Spider", "Desktop");
  for (const std::string_view apple : {"iPhone", "iPad", "iPod"})
    if (text.find(apple) != std::string_view::npos) return device_named(apple, "Apple", apple);
  if (const auto nokia = text.find("Nokia"); nokia != std::string_view::npos) {
    const std::string_view rest = text.substr(nokia + 5);
    const std::string_view model = rest.substr(0, std::min(rest.find_first_of("/; "), rest.size()));
    return device_named("Nokia " + std::string(base::cut(model, "-").first), "Nokia", model);
  }
  if (const std::string_view model = android_model(text); !model.empty()) return device_named(model, brand_of(model), model);
  if (text.find("Macintosh") != std::string_view::npos) return device_named("Mac", "Apple", "Mac");
  return device_named("Other", "", "");
}

}  // namespace

UserAgent parse_user_agent(std::string_view text) { return {first_family(text, kBrowsers, 3), system_of(text), device_of(text)}; }

}  // namespace kql
