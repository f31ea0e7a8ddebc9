/** A record's value, with its content, is at most this long: what Kafka is configured to take. */
export const maxRecordBytes = 256 * 1024
