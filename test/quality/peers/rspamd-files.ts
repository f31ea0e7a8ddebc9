/** The configuration of an rspamd without network: no DNS list, fuzzy storage, update or reputation; Bayes only when wanted. */
export interface RspamdPlaces {
  readonly folder: string
  readonly scanPort: number
  readonly controlPort: number
  readonly dnsPort: number
  /** undefined: no Bayes. */
  readonly redisPort: number | undefined
}

const withoutNetwork = [
  'antivirus', 'arc', 'asn', 'bimi', 'dcc', 'dkim', 'dkim_signing', 'dmarc', 'external_relay', 'fuzzy_check', 'greylist', 'hfilter', 'milter_headers', 'mx_check', 'neural',
  'ratelimit', 'rbl', 'replies', 'reputation', 'rspamd_update', 'spf', 'surbl', 'url_redirector', 'whitelist', 'history_redis', 'p0f', 'spamtrap', 'clickhouse', 'elastic',
] // biome-ignore format: a list

/** By file name below local.d. */
export function rspamdFiles({ folder, scanPort, controlPort, dnsPort, redisPort }: RspamdPlaces): Readonly<Record<string, string>> {
  const servers = redisPort === undefined ? '' : `servers = "127.0.0.1:${redisPort}";`
  return {
    ...Object.fromEntries(withoutNetwork.map((name) => [`${name}.conf`, 'enabled = false;\n'])),
    'actions.conf': 'reject = 15; add_header = 6; greylist = null;\n',
    'classifier-bayes.conf': redisPort === undefined ? 'enabled = false;\n' : `backend = "redis"; autolearn = false; ${servers}\n`,
    'redis.conf': `${servers}\n`,
    'phishing.conf': 'openphish_enabled = false; phishtank_enabled = false;\n',
    // the collected messages all get the same Date, which says nothing of them
    'groups.conf': 'symbols { "DATE_IN_PAST" { weight = 0.0; } "DATE_IN_FUTURE" { weight = 0.0; } }\n',
    'logging.inc': 'type = "console"; level = "warning";\n',
    'options.inc': `dns { nameserver = ["127.0.0.1:${dnsPort}:1"]; timeout = 0.2s; retransmits = 1; }\nneighbours { }\ncontrol_socket = "${folder}/run/control.sock mode=0600";\n`,
    'worker-normal.inc': `bind_socket = "127.0.0.1:${scanPort}"; count = 1;\n`,
    'worker-controller.inc': `bind_socket = "127.0.0.1:${controlPort}"; secure_ip = "127.0.0.1"; count = 1;\n`,
    'worker-proxy.inc': 'enabled = false;\n',
    'worker-fuzzy.inc': 'enabled = false;\n',
  }
}
