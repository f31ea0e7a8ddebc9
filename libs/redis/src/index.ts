export { openRedis, type RedisChange, type RedisConnection } from './redis-connection.ts'
export { type RedisScript, redisScript } from './redis-script.ts'
export type { RedisServer, RedisTls } from './redis-server.ts'
