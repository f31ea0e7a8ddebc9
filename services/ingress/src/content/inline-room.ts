/** How much content fits into the records of a message beside its envelope, its verdict and what else they carry. */

/** What every bus takes as one record (design §4, "Bus rules"). */
const maxRecordBytes = 256 * 1024
/** Ids, client, trace context, the contributions of all checks to the verdict. */
const otherBytes = 32 * 1024

/** At most `wantedBytes`; less where the recipients, `recipientBytes` as JSON, need the room. */
export const inlineRoom = (wantedBytes: number, recipientBytes: number): number =>
  Math.max(0, Math.min(wantedBytes, maxRecordBytes - otherBytes - recipientBytes))
