// SPDX-License-Identifier: Apache-2.0
// has, contains, startswith and their kin. A needle that is known and ASCII is searched for without regard to the case of
// ASCII letters alone, since no other letter folds to one of those; other needles become regular expressions with the
// letters that fold to theirs.
#include <fmt/format.h>

#include <algorithm>

#include "kql/regex.hpp"
#include "kql/sql/scalar_writer.hpp"
#include "kql/sql/sql_literals.hpp"
#include "kql/sql/sql_writer.hpp"
#include "kql/text_terms.hpp"

namespace kql {

namespace {

constexpr std::string_view kTermClass = "0-9A-Za-z\\x{80}-\\x{10FFFF}";

bool is_term_letter(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What an operator looks for: "!hasprefix_cs" is {prefix of a term, with case, negated}.
struct Search {
  enum class Where { anywhere, start, end, whole, term, term_prefix, term_suffix } where = Where::anywhere;
  bool with_case = false;
  bool negated = false;
};

Search search_of(std::string_view name) {
  Search out;
  if (name.front() == '!') {
    out.negated = true;
    name.remove_prefix(1);
  }
  constexpr std::string_view kWithCase = "_cs";
  if (name.size() > kWithCase.size() && name.substr(name.size() - kWithCase.size()) == kWithCase) {
    out.with_case = true;
    name.remove_suffix(kWithCase.size());
  }
  using Where = Search::Where;
  static constexpr std::pair<std::string_view, Where> kNames[] = {
      {"contains", Where::anywhere}, {"startswith", Where::start},      {"endswith", Where::end},          {"has", Where::term},
      {"hasprefix", Where::term_prefix}, {"hassuffix", Where::term_suffix}, {"=~", Where::whole}, {"~", Where::whole}};
  for (const auto& [known, where] : kNames)
    if (known == name) out.where = where;
  return out;
}

// A pattern for each letter of the needle: itself, or all letters that fold to it.
std::string letters_pattern(std::string_view needle, bool with_case) {
  if (with_case) return quote_regex(needle);
  const std::string folded = fold_case(needle);
  std::string out;
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t size = byte_of_code_point(std::string_view(folded).substr(at), 1);
    const std::string letter = folded.substr(at, size);
    const std::string upper = upper_case(letter);
    if (upper != letter && fold_case(upper) == letter) out += fmt::format("(?:{}|{})", quote_regex(letter), quote_regex(upper));
    else out += quote_regex(letter);
    at += size;
  }
  return out;
}

std::string search_pattern(std::string_view needle, const Search& search) {
  using Where = Search::Where;
  const std::string letters = letters_pattern(needle, search.with_case);
  const bool starts_term = (search.where == Where::term || search.where == Where::term_prefix) && is_term_letter(needle.front());
  const bool ends_term = (search.where == Where::term || search.where == Where::term_suffix) && is_term_letter(needle.back());
  const std::string_view start = search.where == Where::start || search.where == Where::whole ? "^" : "";
  const std::string_view end = search.where == Where::end || search.where == Where::whole ? "$" : "";
  return fmt::format("(?-s){}{}{}{}{}", start, starts_term ? fmt::format("(?:^|[^{}])", kTermClass) : "", letters,
                     ends_term ? fmt::format("(?:$|[^{}])", kTermClass) : "", end);
}

bool is_one_term(std::string_view needle) { return std::all_of(needle.begin(), needle.end(), is_term_letter); }

// In a text, a needle of ASCII that is not empty, without regard to case.
std::string ascii_search(const std::string& text, const std::string& needle, const Search& search) {
  const std::string lower = quote_sql_text(fold_case(needle));
  switch (search.where) {
    case Search::Where::anywhere: return fmt::format("(positionCaseInsensitive({}, {}) > 0)", text, lower);
    case Search::Where::start: return fmt::format("(lower(left({}, {})) = {})", text, needle.size(), lower);
    case Search::Where::end: return fmt::format("(lower(right({}, {})) = {})", text, needle.size(), lower);
    case Search::Where::whole: return fmt::format("(lower({}) = {})", text, lower);
    default: break;
  }
  // The second condition costs more and is asked where the first one holds.
  const std::string found = fmt::format("positionCaseInsensitive({}, {}) > 0", text, lower);
  if (search.where == Search::Where::term && is_one_term(needle)) return fmt::format("({} AND hasTokenCaseInsensitive({}, {}))", found, text, lower);
  return fmt::format("({} AND match({}, {}))", found, text, quote_sql_text(search_pattern(needle, search)));
}

std::string exact_search(const std::string& text, const std::string& needle, const Search& search) {
  const std::string quoted = quote_sql_text(needle);
  switch (search.where) {
    case Search::Where::anywhere: return fmt::format("(position({}, {}) > 0)", text, quoted);
    case Search::Where::start: return fmt::format("startsWith({}, {})", text, quoted);
    case Search::Where::end: return fmt::format("endsWith({}, {})", text, quoted);
    default: break;
  }
  return fmt::format("(position({}, {}) > 0 AND match({}, {}))", text, quoted, text, quote_sql_text(search_pattern(needle, search)));
}

// Terms of ASCII letters in lower case, which a text that has the needle must have.
std::vector<std::string> whole_terms(const std::string& needle) {
  std::vector<std::string> out;
  const std::string folded = fold_case(needle);
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t end = at;
    while (end < folded.size() && is_term_letter(folded[end])) ++end;
    if (end > at && is_ascii(std::string_view(folded).substr(at, end - at))) out.push_back(folded.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// A text in which something is searched for.
struct Searched {
  std::string text;
  std::string json;                  // whose tostring() it is, where that is a column; else empty
  std::optional<std::string> index;  // the expression of a text index that answers for it
};

// tolower() changes nothing of what is found without regard to case.
const Scalar& unfolded(const Scalar& text) {
  const Call* lower = call_of(text, "tolower");
  return lower != nullptr && lower->arguments.size() == 1 && lower->arguments[0]->type == Type::string ? *lower->arguments[0] : text;
}

// Whether the text of such a value cannot have a letter of the needle.
bool never_has(const Scalar& text, std::string_view needle) {
  const Call* converted = call_of(text, "convert");
  if (converted == nullptr) converted = call_of(text, "tostring");
  if (converted == nullptr || converted->arguments.size() != 1) return false;
  const auto any_but = [&](std::string_view letters) { return needle.find_first_not_of(letters) != std::string_view::npos; };
  switch (converted->arguments[0]->type) {
    case Type::datetime: return any_but("0123456789-:.TtZz");
    case Type::timespan: return any_but("0123456789-:.");
    case Type::int32:
    case Type::int64: return any_but("0123456789-");
    case Type::real: return any_but("0123456789-+.eEnNaAiIfF");
    case Type::boolean: return any_but("tTrRuUeEfFaAlLsS");
    case Type::guid: return any_but("0123456789-abcdefABCDEF");
    default: return false;
  }
}

base::Result<Searched> searched_by(const ScalarWriter& w, const Call& call, bool with_case = false) {
  const Scalar& text = with_case ? *call.arguments[0] : unfolded(*call.arguments[0]);
  Searched out{TRY(w.value(text)), {}, {}};
  const ColumnSql* column = w.column(text);
  if (column != nullptr && column->indexed) out.index = term_index_sql(column->sql, Type::string);
  const Call* converted = call_of(text, "convert");
  if (converted == nullptr) converted = call_of(text, "tostring");
  if (converted == nullptr || converted->arguments[0]->type != Type::dynamic) return out;
  column = w.column(*converted->arguments[0]);
  if (column == nullptr) return out;
  out.json = column->sql;
  if (column->indexed) out.index = term_index_sql(column->sql, Type::dynamic);
  return out;
}

std::string term_list(const std::vector<std::string>& terms) {
  std::vector<std::string> quoted;
  for (const std::string& term : terms) quoted.push_back(quote_sql_text(term));
  return "[" + joined_sql(quoted, ", ") + "]";
}

std::string literal_search(const std::string& text, const std::string& needle, const Search& search) {
  if (search.with_case) return exact_search(text, needle, search);
  if (is_ascii(needle)) return ascii_search(text, needle, search);
  return fmt::format("match({}, {})", text, quote_sql_text(search_pattern(needle, search)));
}

// JSON without a backslash is the text itself, but for the quotes around a string: they are neither letters of a term nor of
// most needles, and to search there spares making the text.
bool may_search_json(const std::string& needle, const Search& search) {
  using Where = Search::Where;
  const bool at_a_border = search.where == Where::start || search.where == Where::end || search.where == Where::whole;
  return !at_a_border && needle.find_first_of("\"\\") == std::string::npos;
}

// Whether the text has the needle, without the negation.
std::string found_sql(const Searched& in, const std::string& needle, const Search& search) {
  if (needle.empty()) return search.where == Search::Where::whole ? fmt::format("({} = '')", in.text) : "true";
  const bool terms_only = search.where == Search::Where::term;
  const std::vector<std::string> terms = terms_only && in.index ? whole_terms(needle) : std::vector<std::string>();
  const std::string indexed = terms.empty() ? "" : fmt::format("hasAllTokens({}, {})", *in.index, term_list(terms));
  if (!terms.empty() && !search.with_case && is_one_term(needle)) return indexed;
  std::string found = literal_search(in.text, needle, search);
  if (!in.json.empty() && may_search_json(needle, search))
    found = fmt::format("if(position({}, '\\\\') > 0, {}, {})", in.json, found, literal_search(in.json, needle, search));
  return indexed.empty() ? found : fmt::format("({} AND {})", indexed, found);
}

// A needle that is not known before the query runs.
Sql search_by_column(const std::string& text, const std::string& needle, const Search& search) {
  const std::string in = search.with_case ? text : folded_sql(text);
  const std::string what = search.with_case ? needle : folded_sql(needle);
  switch (search.where) {
    case Search::Where::anywhere: return fmt::format("(position({}, {}) > 0)", in, what);
    case Search::Where::start: return fmt::format("startsWith({}, {})", in, what);
    case Search::Where::end: return fmt::format("endsWith({}, {})", in, what);
    case Search::Where::whole: return fmt::format("({} = {})", in, what);
    default: return base::fail(no_sql("a search for terms that are not known"));
  }
}

Sql text_search(const ScalarWriter& w, const Scalar&, const Call& call) {
  const Search search = search_of(call.function->name);
  const std::string* needle = text_literal(call, 1);
  if (needle != nullptr && never_has(*call.arguments[0], *needle)) return search.negated ? "true" : "false";
  const Searched in = TRY(searched_by(w, call, search.with_case));
  const std::string found = needle != nullptr ? found_sql(in, *needle, search) : TRY(search_by_column(in.text, TRY(w.argument(call, 1)), search));
  return negated_unless(!search.negated, found);
}

base::Result<std::vector<std::string>> needles_of(const Call& call) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const std::string* needle = text_literal(call, i);
    if (needle == nullptr) return base::fail(no_sql("a search for texts that are not known"));
    out.push_back(*needle);
  }
  return out;
}

template <bool wanted>
Sql in_folded(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::string text = TRY(w.argument(call, 0));
  std::vector<std::string> plain, found;
  for (const std::string& needle : TRY(needles_of(call))) {
    if (is_ascii(needle)) plain.push_back(quote_sql_text(fold_case(needle)));
    else found.push_back(found_sql({text, {}, {}}, needle, {Search::Where::whole}));
  }
  if (!plain.empty()) found.push_back(fmt::format("lower({}) IN ({})", text, joined_sql(plain, ", ")));
  const std::string any = found.empty() ? "false" : "(" + joined_sql(found, " OR ") + ")";
  return negated_unless(wanted, any);
}

Sql has_any_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  const Searched in = TRY(searched_by(w, call));
  std::vector<std::string> terms, found;
  for (const std::string& needle : TRY(needles_of(call))) {
    if (in.index && !needle.empty() && is_ascii(needle) && is_one_term(needle)) terms.push_back(fold_case(needle));
    else found.push_back(found_sql(in, needle, {Search::Where::term}));
  }
  if (!terms.empty()) found.push_back(fmt::format("hasAnyTokens({}, {})", *in.index, term_list(terms)));
  return found.empty() ? "false" : "(" + joined_sql(found, " OR ") + ")";
}

Sql has_all_sql(const ScalarWriter& w, const Scalar&, const Call& call) {
  const Searched in = TRY(searched_by(w, call));
  std::vector<std::string> found;
  for (const std::string& needle : TRY(needles_of(call))) found.push_back(found_sql(in, needle, {Search::Where::term}));
  return found.empty() ? "true" : "(" + joined_sql(found, " AND ") + ")";
}

Sql regex_match(const ScalarWriter& w, const Scalar&, const Call& call) {
  const std::string* pattern = text_literal(call, 1);
  if (pattern == nullptr) return base::fail(no_sql("a regular expression that is not known"));
  return fmt::format("match({}, {})", TRY(w.argument(call, 0)), TRY(regex_literal(*pattern)));
}

constexpr SqlForm kStringOperatorForms[] = {
    {"=~", text_search},           {"!~", text_search},            {"contains", text_search},      {"!contains", text_search},
    {"contains_cs", text_search},  {"!contains_cs", text_search},  {"startswith", text_search},    {"!startswith", text_search},
    {"startswith_cs", text_search}, {"!startswith_cs", text_search}, {"endswith", text_search},    {"!endswith", text_search},
    {"endswith_cs", text_search},  {"!endswith_cs", text_search},  {"has", text_search},           {"!has", text_search},
    {"has_cs", text_search},       {"!has_cs", text_search},       {"hasprefix", text_search},     {"!hasprefix", text_search},
    {"hasprefix_cs", text_search}, {"!hasprefix_cs", text_search}, {"hassuffix", text_search},     {"!hassuffix", text_search},
    {"hassuffix_cs", text_search}, {"!hassuffix_cs", text_search}, {"in~", in_folded<true>},       {"!in~", in_folded<false>},
    {"has_any", has_any_sql},      {"has_all", has_all_sql},       {"matches regex", regex_match},
};

}  // namespace

std::span<const SqlForm> string_operator_forms() { return kStringOperatorForms; }

}  // namespace kql
