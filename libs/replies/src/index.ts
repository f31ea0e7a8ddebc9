export { type InProcessReplies, type InProcessRepliesOptions, inProcessReplies } from './in-process-replies.ts'
export * from './port.ts'
export { openRedisReplies, type RedisReplies, type RedisRepliesOptions } from './redis/redis-replies.ts'
