/** Content up to this size travels inline in every record, unless a deployment says otherwise; larger content goes to the content store first. */
export const maxInlineBytes = 64 * 1024
/** The header block carried in a record is at most this long. */
export const maxHeaderBytes = 64 * 1024
