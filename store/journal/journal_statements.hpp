// The statements of a journal's file.
#pragma once

#include <store/sqlite.hpp>

namespace tutti::store {

/// Prepared once; the file outlives them.
struct journal_statements {
  explicit journal_statements(sqlite3* file)
      : move_feed(file, "UPDATE journal SET feed = ?, ack = ?, tail = ?, read_at = ?, gap = ?"),
        add(file, "INSERT INTO event (seq, p, stream, kind, key, at, caught_up, body) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
        open_after(file, "SELECT seq, stream, kind, key, at, caught_up, body FROM event "
                         "WHERE ended IS NULL AND seq > ? ORDER BY seq LIMIT ?"),
        end(file, "UPDATE event SET ended = ?, why = ? WHERE seq = ? AND ended IS NULL"),
        set_state(file, "INSERT INTO state VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
                        "value = excluded.value"),
        remove_state(file, "DELETE FROM state WHERE stream = ? AND name = ?"),
        is_open(file, "SELECT 1 FROM event WHERE seq = ? AND ended IS NULL"),
        set_timer(file, "INSERT OR REPLACE INTO timer VALUES (?, ?, ?, ?)"),
        set_new_timer(file, "INSERT OR IGNORE INTO timer VALUES (?, ?, ?, ?)"),
        remove_timer(file, "DELETE FROM timer WHERE id = ?"),
        end_fired(file, "UPDATE event SET ended = ? WHERE key >= ? AND key < ? AND seq <> ? "
                        "AND ended IS NULL"),
        move_tail(file, "UPDATE journal SET tail = ?"),
        next_due(file, "SELECT min(due) FROM timer"),
        states(file, "SELECT name, value FROM state WHERE stream = ? ORDER BY name"),
        due(file, "SELECT id, stream, due, payload FROM timer WHERE due <= ? "
                  "ORDER BY due, id LIMIT ?"),
        dead(file, "SELECT seq, stream, kind, key, at, caught_up, body, why FROM event "
                   "WHERE why IS NOT NULL ORDER BY seq DESC LIMIT ?"),
        prune(file, "DELETE FROM event WHERE ended <= ? AND ended IS NOT NULL AND why IS NULL"),
        prune_dead(file, "DELETE FROM event WHERE why IS NOT NULL AND seq <= (SELECT seq FROM "
                         "event WHERE why IS NOT NULL ORDER BY seq DESC LIMIT 1 OFFSET ?)") {}

  statement move_feed;
  statement add;
  statement open_after;
  statement end;
  statement set_state;
  statement remove_state;
  statement is_open;
  statement set_timer;
  statement set_new_timer;
  statement remove_timer;
  statement end_fired;
  statement move_tail;
  statement next_due;
  statement states;
  statement due;
  statement dead;
  statement prune;
  statement prune_dead;
};

} // namespace tutti::store
