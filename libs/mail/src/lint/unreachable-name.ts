/** Names of hosts that nobody outside can reach. */

/** Top-level names that exist in private networks only (RFC 2606, RFC 6761, RFC 6762, RFC 8375, and what administrators make up). */
const privateName =
  /(?:^|\.)(?:localhost|localdomain|local|lan|home|corp|internal|intranet|private|domain|invalid|test|home\.arpa)$/

/** One label, a name for private networks, or an address literal. The name is in lower case. */
export const isUnreachableName = (aDomain: string): boolean =>
  !aDomain.includes('.') || aDomain.startsWith('[') || privateName.test(aDomain)
