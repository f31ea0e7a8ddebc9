/** The tables of the records on SQLite, and how they are kept. */
import type { DatabaseSync } from 'node:sqlite'

const version = 1

/** Makes what is missing. Returns the generation of the store. Throws where the file was written by a newer version. */
export function prepareSchema(database: DatabaseSync): string {
  // Write-ahead log: readers never wait. NORMAL: no flush per commit; `append` flushes the log itself.
  // Pages of 8 KiB: an event of a kilobyte or two stands in its page of the key's tree. Checkpoints are rare: each writes again.
  database.exec(`
    PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000;
  `)
  const [{ user_version: found } = { user_version: 0 }] = database.prepare('PRAGMA user_version').all()
  if (Number(found) > version) throw new Error(`it has version ${found}, and this program knows versions up to ${version}`)
  database.exec(`
    CREATE TABLE IF NOT EXISTS events (
      id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, attempt INTEGER NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (id, kind, subject, attempt)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, application TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS messages_by_time ON messages (at, id);
    CREATE INDEX IF NOT EXISTS messages_by_application ON messages (application, at, id);
    CREATE TABLE IF NOT EXISTS generation (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS positions (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL);
    INSERT OR IGNORE INTO generation VALUES (1, lower(hex(randomblob(4))));
    PRAGMA user_version = ${version};
  `)
  const [row] = database.prepare('SELECT name FROM generation').all()
  const { name } = { ...row }
  return String(name)
}
