/** Plain Postfix doing the same job: authorized networks, sender domains and sender addresses by table, relay to the sink. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitForPort } from './ports.ts'
import type { System, SystemOptions } from './system.ts'
import { addresses, domains } from './workload.ts'

/** Whom Postfix asks before it takes a message. */
export interface Asked {
  readonly milterSocket?: string
  readonly policyPort?: number
}

/** Needs root and Debian's postfix package. Its configuration and queue are in `folder`. */
export async function startPostfix({ port, sinkPort, folder }: SystemOptions, asked: Asked = {}): Promise<System> {
  const etc = join(folder, 'etc')
  const queue = join(folder, 'queue')
  const data = join(folder, 'data')
  for (const path of [etc, queue, data]) mkdirSync(path, { recursive: true })
  chownSync(data, Number(execFileSync('id', ['-u', 'postfix'])), Number(execFileSync('id', ['-g', 'postfix'])))
  writeFileSync(join(etc, 'domains'), domains.map((domain) => `${domain} addr_check\n`).join(''))
  writeFileSync(join(etc, 'addresses'), addresses.map((address) => `${address} OK\n`).join(''))
  writeFileSync(join(etc, 'main.cf'), mainCf({ etc, queue, data, folder, sinkPort }, asked))
  writeFileSync(join(etc, 'master.cf'), masterCf(port))
  writeFileSync(join(folder, 'mail.log'), '')
  execFileSync('postmap', ['-c', etc, `lmdb:${join(etc, 'domains')}`, `lmdb:${join(etc, 'addresses')}`])
  execFileSync('postfix', ['-c', etc, 'start'], { stdio: 'ignore' })
  await waitForPort(port)
  return {
    name: 'postfix',
    port,
    pids: [Number(readFileSync(join(queue, 'pid', 'master.pid'), 'utf8'))],
    async stop() {
      execFileSync('postfix', ['-c', etc, 'stop'], { stdio: 'ignore' })
      await sleep(1000)
    },
  }
}

function mainCf(at: { etc: string; queue: string; data: string; folder: string; sinkPort: number }, asked: Asked): string {
  const policy = asked.policyPort === undefined ? '' : `check_policy_service inet:127.0.0.1:${asked.policyPort}, `
  const milter =
    asked.milterSocket === undefined ? '' : `smtpd_milters = unix:${asked.milterSocket}\nmilter_default_action = tempfail\n`
  return `compatibility_level = 3.6
queue_directory = ${at.queue}
data_directory = ${at.data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = gw.example
mydestination =
mynetworks = 127.0.0.0/8
maillog_file_prefixes = /
maillog_file = ${at.folder}/mail.log
alias_maps =
local_recipient_maps =
relayhost = [127.0.0.1]:${at.sinkPort}
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_peername_lookup = no
smtp_tls_security_level = none
smtpd_tls_security_level = none
smtpd_restriction_classes = addr_check
addr_check = check_sender_access lmdb:${at.etc}/addresses, reject
smtpd_sender_restrictions = check_sender_access lmdb:${at.etc}/domains, reject
smtpd_relay_restrictions = ${policy}permit_mynetworks, reject
smtpd_delay_reject = no
default_process_limit = 150
in_flow_delay = 0
default_destination_concurrency_limit = 10
smtp_destination_concurrency_limit = 10
initial_destination_concurrency = 10
smtp_connection_cache_on_demand = no
max_use = 1000
smtpd_client_connection_count_limit = 0
smtpd_client_event_limit_exceptions = static:all
message_size_limit = 52428800
qmgr_message_active_limit = 50000
qmgr_message_recipient_limit = 50000
${milter}`
}

function masterCf(port: number): string {
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'cleanup unix n - - - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`),
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'proxywrite unix - - n - 1 proxymap',
    ...['smtp', 'relay'].map((name) => `${name} unix - - n - 50 smtp`),
    'showq unix n - n - - showq',
    ...['error', 'retry'].map((name) => `${name} unix - - n - - error`),
    'discard unix - - n - - discard',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  return `${services.join('\n')}\n`
}
