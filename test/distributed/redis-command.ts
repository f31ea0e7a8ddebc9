/** One command to a Redis of a test. */
import { openRedis } from '@sallyport/redis'

/** Resolves with its answer. */
export async function redisCommand(port: number, command: string, ...words: readonly string[]): Promise<unknown> {
  const connection = openRedis({
    redis: { host: '127.0.0.1', port },
    purpose: 'the test',
    unavailable: 'LEDGER_UNAVAILABLE',
    callTimeoutMs: 10_000,
  })
  try {
    return await connection.call('TEST', (client) => client.call(command, [...words]))
  } finally {
    await connection.close()
  }
}
