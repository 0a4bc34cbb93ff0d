// SPDX-License-Identifier: Apache-2.0
#include "cli/query_prompt.hpp"

#include <histedit.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>
#include <filesystem>

#include "base/text.hpp"
#include "cli/interrupts.hpp"
#include "cli/options.hpp"
#include "client/contexts.hpp"
#include "kql/syntax/lexer.hpp"

namespace cli {

namespace {

constexpr int kHistoryLength = 1000;
bool continues = false;  // the line in hand is not the first of its query
bool forgotten = false;  // the line in hand ended with Ctrl-C

const char* prompt_text(EditLine*) { return continues ? "   > " : "kql> "; }

unsigned char forget_line(EditLine*, int) {
  forgotten = true;
  return CC_EOF;
}

// The editor takes letters as the locale has them, and leaves out those that it has not.
void take_utf8() {
  if (std::setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
}

// A query as one line of the history. A comment goes to the end of its line, so it cannot be there.
std::string on_one_line(const std::string& query) {
  std::string out;
  const auto add_between = [&](std::string_view blanks) {
    bool first = true;
    for (const auto line : base::split(blanks, '\n')) {
      if (!std::exchange(first, false)) out += ' ';
      out += line.substr(0, line.find("//"));
    }
  };
  std::vector<kql::Diagnostic> ignored;
  std::size_t at = 0;
  for (const kql::Token& token : kql::tokenize(query, ignored)) {
    add_between(std::string_view(query).substr(at, token.span.begin - at));
    out += query.substr(token.span.begin, token.span.end - token.span.begin);
    at = token.span.end;
  }
  for (char& c : out)
    if (c == '\n') c = ' ';
  return out;
}

// Owns the editor and its history, which is kept in a file that nobody else reads.
class LineEditor {
 public:
  LineEditor() : file_(client::contexts_file().parent_path() / "query_history"), editor_(el_init("bulwark", stdin, stdout, stderr)), history_(history_init()) {
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryLength);
    history(history_, &event, H_SETUNIQUE, 1);
    history(history_, &event, H_LOAD, file_.c_str());
    el_set(editor_, EL_PROMPT, prompt_text);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_SIGNAL, 1);
    el_set(editor_, EL_ADDFN, "forget-line", "Forgets what was typed of a query", forget_line);
    el_set(editor_, EL_BIND, "^C", "forget-line", nullptr);
    el_set(editor_, EL_SETTY, "-d", "-isig", nullptr);
    el_set(editor_, EL_HIST, history, history_);
  }
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;
  ~LineEditor() {
    history_end(history_);
    el_end(editor_);
  }

  // The line without its end, empty where it was forgotten; nothing at the end of the input.
  bool read(std::string& line) {
    int size = 0;
    forgotten = false;
    line.clear();
    const char* text = el_gets(editor_, &size);
    if (forgotten) std::fputs("^C\n", stdout);
    if (forgotten) return true;
    if (text == nullptr || size <= 0) return false;
    line.assign(text, static_cast<std::size_t>(size));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return true;
  }

  void remember(const std::string& query) {
    HistEvent event;
    history(history_, &event, H_ENTER, on_one_line(query).c_str());
    std::error_code ignored;
    std::filesystem::create_directories(file_.parent_path(), ignored);
    if (history(history_, &event, H_SAVE, file_.c_str()) >= 0)
      std::filesystem::permissions(file_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  }

 private:
  std::filesystem::path file_;
  EditLine* editor_;
  History* history_;
};

}  // namespace

int run_query_prompt(const std::function<int(const std::string& query)>& run) {
  const Interrupts interrupts;
  take_utf8();
  LineEditor editor;
  int last = kDone;
  std::string query, line;
  while (editor.read(line)) {
    if (forgotten) query.clear();
    continues = false;
    if (forgotten) continue;
    const std::string_view trimmed = base::trim(line);
    if (query.empty() && (trimmed == "quit" || trimmed == "exit")) break;
    const bool ends = trimmed.empty() || trimmed.back() == ';';
    if (!trimmed.empty()) query += (query.empty() ? "" : "\n") + line;
    continues = !query.empty() && !ends;
    if (!ends || query.empty()) continue;
    while (!query.empty() && (query.back() == ';' || query.back() == ' ')) query.pop_back();
    if (!query.empty()) {
      editor.remember(query);
      Interrupts::clear();
      last = run(query);
    }
    query.clear();
  }
  return last;
}

}  // namespace cli
