// SQLite's file and statements as values.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string_view>

namespace tutti::store {

struct closer {
  void operator()(sqlite3* file) const { sqlite3_close_v2(file); }
};

/// A statement, prepared for one use after the other.
class statement {
public:
  statement(sqlite3* file, const char* sql) : file_(file) {
    sqlite3_prepare_v3(file, sql, -1, SQLITE_PREPARE_PERSISTENT, &made_, nullptr);
  }
  ~statement() { sqlite3_finalize(made_); }
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  statement& bind(int at, std::int64_t value) {
    sqlite3_bind_int64(made_, at, value);
    return *this;
  }
  /// The text must last until the statement is reset.
  statement& bind(int at, std::string_view text) {
    sqlite3_bind_text(made_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    return *this;
  }
  statement& bind_null(int at) {
    sqlite3_bind_null(made_, at);
    return *this;
  }
  statement& bind_blob(int at, std::string_view bytes) {
    sqlite3_bind_blob(made_, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
    return *this;
  }
  /// SQLITE_ROW, SQLITE_DONE or an error; a statement that could not be prepared is misuse.
  int step() { return made_ ? sqlite3_step(made_) : sqlite3_errcode(file_); }
  /// To the end of a statement without rows.
  bool run() {
    auto done = step() == SQLITE_DONE;
    reset();
    return done;
  }
  void reset() { sqlite3_reset(made_); }

  std::int64_t number(int column) { return sqlite3_column_int64(made_, column); }
  std::string_view text(int column) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(made_, column));
    return bytes ? std::string_view{bytes,
                                    static_cast<std::size_t>(sqlite3_column_bytes(made_, column))}
                 : std::string_view{};
  }
  /// Lasts until the statement is stepped again.
  std::string_view bytes(int column) {
    const auto* first = static_cast<const char*>(sqlite3_column_blob(made_, column));
    return first ? std::string_view{first,
                                    static_cast<std::size_t>(sqlite3_column_bytes(made_, column))}
                 : std::string_view{};
  }
  bool is_null(int column) { return sqlite3_column_type(made_, column) == SQLITE_NULL; }

private:
  sqlite3* file_;
  sqlite3_stmt* made_ = nullptr;
};

} // namespace tutti::store
