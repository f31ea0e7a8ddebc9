export { type InProcessReplies, type InProcessRepliesOptions, inProcessReplies } from './in-process-replies.ts'
export * from './port.ts'
