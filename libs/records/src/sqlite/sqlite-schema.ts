/** The tables of the records on SQLite, and how they are kept. */
import type { DatabaseSync } from 'node:sqlite'
import { fillDaily } from '../sql/fill-daily.ts'

/**
 * One step for each version. Never change one that was released: add another. Where rows are clustered by their key
 * (`WITHOUT ROWID`) an index ends with the key by itself, so that each is one of (what is searched, id).
 */
const migrations: readonly string[] = [
  // 1: what the first version kept: events as text, with messages by the time of their first event.
  '',
  `
  CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1), generation TEXT NOT NULL, horizon INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE positions (partition INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL) STRICT;
  CREATE TABLE events (
    id BLOB NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, attempt INTEGER NOT NULL, json BLOB NOT NULL,
    PRIMARY KEY (id, kind, subject, attempt)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE messages (
    id BLOB PRIMARY KEY, application TEXT NOT NULL, sender TEXT NOT NULL, verdict TEXT NOT NULL, status TEXT NOT NULL,
    action TEXT, would_be TEXT, would_refuse INTEGER NOT NULL, violations TEXT NOT NULL, subject TEXT, message_id TEXT, content_bytes INTEGER NOT NULL,
    recipient_count INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX messages_by_application ON messages (application, id);
  CREATE INDEX messages_by_application_verdict ON messages (application, verdict, id);
  CREATE INDEX messages_by_verdict ON messages (verdict, id);
  CREATE INDEX messages_by_rare_status ON messages (status, id) WHERE status IN ('held', 'deferred', 'failed', 'undecided');
  CREATE INDEX messages_by_would_refuse ON messages (id) WHERE would_refuse = 1;
  CREATE INDEX messages_by_application_would_refuse ON messages (application, id) WHERE would_refuse = 1;
  CREATE INDEX messages_by_message_id ON messages (message_id, id) WHERE message_id IS NOT NULL;
  CREATE TABLE recipients (
    id BLOB NOT NULL, number INTEGER NOT NULL, address TEXT NOT NULL, domain TEXT NOT NULL, disposition TEXT NOT NULL,
    PRIMARY KEY (id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recipients_by_address ON recipients (address, id);
  CREATE INDEX recipients_by_domain ON recipients (domain, id);
  CREATE TABLE senders (
    id BLOB NOT NULL, address TEXT NOT NULL, domain TEXT NOT NULL, PRIMARY KEY (id, address)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX senders_by_address ON senders (address, id);
  CREATE INDEX senders_by_domain ON senders (domain, id);
  CREATE TABLE findings (
    id BLOB NOT NULL, check_name TEXT NOT NULL, outcome TEXT NOT NULL, application TEXT NOT NULL, mode TEXT NOT NULL,
    PRIMARY KEY (id, check_name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX findings_by_check ON findings (check_name, outcome, id);
  CREATE INDEX findings_by_application ON findings (application, check_name, outcome, id);
  CREATE TABLE attempt_groups (id BLOB PRIMARY KEY, first_id BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX attempt_groups_by_first ON attempt_groups (first_id);
  CREATE TABLE applications (application TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE hourly_messages (
    application TEXT NOT NULL, hour INTEGER NOT NULL, verdict TEXT NOT NULL, messages INTEGER NOT NULL,
    distinct_messages INTEGER NOT NULL, accepted INTEGER NOT NULL, would_refuse INTEGER NOT NULL, recipients INTEGER NOT NULL, delivered INTEGER NOT NULL, failed INTEGER NOT NULL,
    content_bytes INTEGER NOT NULL, PRIMARY KEY (application, hour, verdict)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE hourly_checks (
    application TEXT NOT NULL, hour INTEGER NOT NULL, check_name TEXT NOT NULL, mode TEXT NOT NULL, outcome TEXT NOT NULL,
    action TEXT NOT NULL, messages INTEGER NOT NULL, distinct_messages INTEGER NOT NULL,
    PRIMARY KEY (application, hour, check_name, mode, outcome, action)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE hourly_violations (
    application TEXT NOT NULL, hour INTEGER NOT NULL, check_name TEXT NOT NULL, mode TEXT NOT NULL, action TEXT NOT NULL,
    rule TEXT NOT NULL, identity TEXT NOT NULL, messages INTEGER NOT NULL, distinct_messages INTEGER NOT NULL,
    sample_id TEXT NOT NULL, PRIMARY KEY (application, hour, check_name, mode, action, rule, identity)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE daily_identities (
    application TEXT NOT NULL, day INTEGER NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL, messages INTEGER NOT NULL,
    PRIMARY KEY (application, day, kind, address)
  ) STRICT, WITHOUT ROWID;
  `,
  // 3: the hourly counts by the day too.
  `
  CREATE TABLE daily_messages (
    application TEXT NOT NULL, day INTEGER NOT NULL, verdict TEXT NOT NULL, messages INTEGER NOT NULL,
    distinct_messages INTEGER NOT NULL, accepted INTEGER NOT NULL, would_refuse INTEGER NOT NULL, recipients INTEGER NOT NULL, delivered INTEGER NOT NULL, failed INTEGER NOT NULL,
    content_bytes INTEGER NOT NULL, PRIMARY KEY (application, day, verdict)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE daily_checks (
    application TEXT NOT NULL, day INTEGER NOT NULL, check_name TEXT NOT NULL, mode TEXT NOT NULL, outcome TEXT NOT NULL,
    action TEXT NOT NULL, messages INTEGER NOT NULL, distinct_messages INTEGER NOT NULL,
    PRIMARY KEY (application, day, check_name, mode, outcome, action)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE daily_violations (
    application TEXT NOT NULL, day INTEGER NOT NULL, check_name TEXT NOT NULL, mode TEXT NOT NULL, action TEXT NOT NULL,
    rule TEXT NOT NULL, identity TEXT NOT NULL, messages INTEGER NOT NULL, distinct_messages INTEGER NOT NULL,
    sample_id TEXT NOT NULL, first_hour INTEGER NOT NULL,
    PRIMARY KEY (application, day, check_name, mode, action, rule, identity)
  ) STRICT, WITHOUT ROWID;
  ${fillDaily}
  `,
]

/** Events of the first version that are still to be taken over stand in this table. */
export const olderEvents = 'events_1'

/** Makes what is missing. Returns the generation of the store. Throws where the file was written by a newer version. */
export function prepareSchema(database: DatabaseSync): string {
  // Write-ahead log: readers never wait. NORMAL: no flush per commit; `append` flushes the log itself.
  // Pages of 8 KiB: an event stands in its page of the key's tree. Checkpoints are rare: each writes again.
  database.exec(`
    PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;
  `)
  const version = migrations.length
  const { user_version: found } = database.prepare('PRAGMA user_version').get() ?? {}
  if (Number(found) > version) throw new Error(`it has version ${found}, and this program knows versions up to ${version}`)
  if (Number(found) < version) {
    database.exec('BEGIN IMMEDIATE')
    if (Number(found) === 1) database.exec(`${stepAside}`)
    for (const migration of migrations.slice(Number(found))) database.exec(migration)
    database.exec(`INSERT OR IGNORE INTO store (one, generation) VALUES (1, lower(hex(randomblob(4))))`)
    if (Number(found) === 1) database.exec(takeOver)
    database.exec(`PRAGMA user_version = ${version}; COMMIT`)
  }
  const { generation } = database.prepare('SELECT generation FROM store').get() ?? {}
  return String(generation)
}

const stepAside = `
  ALTER TABLE events RENAME TO ${olderEvents}; ALTER TABLE positions RENAME TO positions_1;
  DROP TABLE messages;
`
/** The group on the bus stays the same: what it has read stands in the older events. */
const takeOver = `
  UPDATE store SET generation = (SELECT name FROM generation); DROP TABLE generation;
  INSERT INTO positions SELECT partition, "offset" FROM positions_1; DROP TABLE positions_1;
`
