/** The checks of an application whose mail leaves where a check could not judge it: by default it would be held after a 250. */

const relayed = { mode: 'enforce', whenUnavailable: 'relay' }

export const relayedUnchecked = {
  domain: relayed,
  address: relayed,
  spam: { ...relayed, rejectAt: 100 },
  throttle: { ...relayed, limits: [{ per: 'application', count: 'messages', rate: '1000000/s', burst: 1_000_000 }] },
}
