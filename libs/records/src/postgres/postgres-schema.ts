/** The tables of the records on PostgreSQL: those of messages in partitions by day, which is what ids begin with. */
import { messageIdBound, messageIdTimeMs, SallyportError } from '@sallyport/contracts'
import type { ClientBase } from 'pg'
import { dayMs } from '../project/tally.ts'
import { fillDaily } from '../sql/fill-daily.ts'

/** One step for each version. Never change one that was released: add another. */
const migrations: readonly string[] = [
  `
  CREATE TABLE store (
    one integer PRIMARY KEY CHECK (one = 1), generation text NOT NULL, horizon bigint NOT NULL DEFAULT 0
  );
  INSERT INTO store (one, generation) VALUES (1, substr(md5(gen_random_uuid()::text), 1, 8));
  CREATE TABLE positions (partition integer PRIMARY KEY, "offset" bigint NOT NULL);
  CREATE TABLE events (
    id uuid NOT NULL, kind text NOT NULL, subject text NOT NULL, attempt integer NOT NULL, json bytea NOT NULL,
    PRIMARY KEY (id, kind, subject, attempt)
  ) PARTITION BY RANGE (id);
  CREATE TABLE messages (
    id uuid PRIMARY KEY, application text NOT NULL, sender text NOT NULL, verdict text NOT NULL, status text NOT NULL,
    action text, would_be text, would_refuse integer NOT NULL, violations text NOT NULL, subject text, message_id text,
    content_bytes bigint NOT NULL, recipient_count integer NOT NULL, first_at bigint NOT NULL, last_at bigint NOT NULL
  ) PARTITION BY RANGE (id);
  CREATE INDEX messages_by_application ON messages (application, id);
  CREATE INDEX messages_by_application_verdict ON messages (application, verdict, id);
  CREATE INDEX messages_by_verdict ON messages (verdict, id);
  CREATE INDEX messages_by_rare_status ON messages (status, id) WHERE status IN ('held', 'deferred', 'failed', 'undecided');
  CREATE INDEX messages_by_would_refuse ON messages (id) WHERE would_refuse = 1;
  CREATE INDEX messages_by_application_would_refuse ON messages (application, id) WHERE would_refuse = 1;
  CREATE INDEX messages_by_message_id ON messages (message_id, id) WHERE message_id IS NOT NULL;
  CREATE TABLE recipients (
    id uuid NOT NULL, number integer NOT NULL, address text NOT NULL, domain text NOT NULL, disposition text NOT NULL,
    PRIMARY KEY (id, number)
  ) PARTITION BY RANGE (id);
  CREATE INDEX recipients_by_address ON recipients (address, id);
  CREATE INDEX recipients_by_domain ON recipients (domain, id);
  CREATE TABLE senders (id uuid NOT NULL, address text NOT NULL, domain text NOT NULL, PRIMARY KEY (id, address))
    PARTITION BY RANGE (id);
  CREATE INDEX senders_by_address ON senders (address, id);
  CREATE INDEX senders_by_domain ON senders (domain, id);
  CREATE TABLE findings (
    id uuid NOT NULL, check_name text NOT NULL, outcome text NOT NULL, application text NOT NULL, mode text NOT NULL,
    PRIMARY KEY (id, check_name)
  ) PARTITION BY RANGE (id);
  CREATE INDEX findings_by_check ON findings (check_name, outcome, id);
  CREATE INDEX findings_by_application ON findings (application, check_name, outcome, id);
  CREATE TABLE attempt_groups (id uuid PRIMARY KEY, first_id uuid NOT NULL);
  CREATE INDEX attempt_groups_by_first ON attempt_groups (first_id);
  CREATE TABLE applications (application text PRIMARY KEY);
  CREATE TABLE hourly_messages (
    application text NOT NULL, hour integer NOT NULL, verdict text NOT NULL, messages bigint NOT NULL,
    distinct_messages bigint NOT NULL, accepted bigint NOT NULL, would_refuse bigint NOT NULL, recipients bigint NOT NULL,
    delivered bigint NOT NULL, failed bigint NOT NULL, content_bytes bigint NOT NULL,
    PRIMARY KEY (application, hour, verdict)
  );
  CREATE TABLE hourly_checks (
    application text NOT NULL, hour integer NOT NULL, check_name text NOT NULL, mode text NOT NULL, outcome text NOT NULL,
    action text NOT NULL, messages bigint NOT NULL, distinct_messages bigint NOT NULL,
    PRIMARY KEY (application, hour, check_name, mode, outcome, action)
  );
  CREATE TABLE hourly_violations (
    application text NOT NULL, hour integer NOT NULL, check_name text NOT NULL, mode text NOT NULL, action text NOT NULL,
    rule text NOT NULL, identity text NOT NULL, messages bigint NOT NULL, distinct_messages bigint NOT NULL,
    sample_id text COLLATE "C" NOT NULL, PRIMARY KEY (application, hour, check_name, mode, action, rule, identity)
  );
  CREATE TABLE daily_identities (
    application text NOT NULL, day integer NOT NULL, kind text NOT NULL, address text NOT NULL, messages bigint NOT NULL,
    PRIMARY KEY (application, day, kind, address)
  );
  `,
  // 2: the hourly counts by the day too.
  `
  CREATE TABLE daily_messages (
    application text NOT NULL, day integer NOT NULL, verdict text NOT NULL, messages bigint NOT NULL,
    distinct_messages bigint NOT NULL, accepted bigint NOT NULL, would_refuse bigint NOT NULL, recipients bigint NOT NULL,
    delivered bigint NOT NULL, failed bigint NOT NULL, content_bytes bigint NOT NULL,
    PRIMARY KEY (application, day, verdict)
  );
  CREATE TABLE daily_checks (
    application text NOT NULL, day integer NOT NULL, check_name text NOT NULL, mode text NOT NULL, outcome text NOT NULL,
    action text NOT NULL, messages bigint NOT NULL, distinct_messages bigint NOT NULL,
    PRIMARY KEY (application, day, check_name, mode, outcome, action)
  );
  CREATE TABLE daily_violations (
    application text NOT NULL, day integer NOT NULL, check_name text NOT NULL, mode text NOT NULL, action text NOT NULL,
    rule text NOT NULL, identity text NOT NULL, messages bigint NOT NULL, distinct_messages bigint NOT NULL,
    sample_id text COLLATE "C" NOT NULL, first_hour integer NOT NULL,
    PRIMARY KEY (application, day, check_name, mode, action, rule, identity)
  );
  ${fillDaily}
  `,
]

/** Tables in partitions by day. */
const partitioned = ['events', 'messages', 'recipients', 'senders', 'findings'] as const

/** Names of advisory locks: who changes tables, and who adds events. */
export const locks = { schema: 7_305_001, append: 7_305_002 } as const

/** Makes what is missing, one process at a time. Returns the generation. Throws where a newer version wrote there. */
export async function prepareSchema(client: ClientBase): Promise<string> {
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${locks.schema})`)
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)')
  const { rows } = await client.query<{ version: number | null }>('SELECT max(version) AS version FROM schema_version')
  const found = rows[0]?.version ?? 0
  if (found > migrations.length) {
    const known = `this program knows versions up to ${migrations.length}`
    throw new SallyportError('STORE_UNAVAILABLE', `the records in PostgreSQL have version ${found}, and ${known}: update it`)
  }
  for (const migration of migrations.slice(found)) await client.query(migration)
  if (found < migrations.length) await client.query('INSERT INTO schema_version VALUES ($1)', [migrations.length])
  await client.query('COMMIT')
  const store = await client.query<{ generation: string }>('SELECT generation FROM store')
  return String(store.rows[0]?.generation)
}

const nameOf = (table: string, day: number): string =>
  `${table}_${new Date(day * dayMs).toISOString().slice(0, 10).replaceAll('-', '')}`

export const dayOfId = (id: string): number => Math.floor(messageIdTimeMs(id) / dayMs)

/** Makes the partitions of these days (since the epoch) that are missing, without waiting for those who read. */
export async function makePartitions(client: ClientBase, days: readonly number[]): Promise<void> {
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${locks.schema})`)
  const there = new Set(await partitionNames(client))
  for (const day of days) {
    const [from, to] = [messageIdBound(day * dayMs), messageIdBound((day + 1) * dayMs)]
    for (const table of partitioned) {
      const name = nameOf(table, day)
      if (there.has(name)) continue
      await client.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`)
      await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`)
    }
  }
  await client.query('COMMIT')
}

/** Drops the partitions of all days before this one. Returns how many messages they had, by the planner's count. */
export async function dropPartitions(client: ClientBase, beforeDay: number): Promise<number> {
  const tooOld = nameOf('', beforeDay)
  const names = (await partitionNames(client)).filter((name) => name.slice(name.lastIndexOf('_')) < tooOld)
  let messages = 0
  for (const name of names) {
    if (name.startsWith('messages_')) {
      const { rows } = await client.query<{ count: number }>(`SELECT count(*) AS count FROM ${name}`)
      messages += rows[0]?.count ?? 0
    }
    // Who waits behind this lock waits for 5 s at most; what was not dropped then is dropped the next time.
    await client.query(`BEGIN; SET LOCAL lock_timeout = 5000; DROP TABLE ${name}; COMMIT`)
  }
  return messages
}

async function partitionNames(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT child.relname AS name FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
     JOIN pg_class parent ON parent.oid = inhparent
     WHERE parent.relnamespace = current_schema()::regnamespace AND parent.relname = ANY ($1)`,
    [partitioned],
  )
  return rows.map(({ name }) => name)
}
