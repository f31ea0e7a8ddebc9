/** Each request of the API is counted by its route, never by its path. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { exposition } from '@sallyport/runtime'
import { apiStage } from './stage.cases.ts'

test('requests are counted by method, route and status; paths that nothing answers have no series of their own', async () => {
  const stage = await apiStage()
  try {
    for (let times = 0; times < 3; times++) await stage.ask({ url: `/api/messages/${newMessageId()}` })
    for (const path of ['/one', '/two', '/api/three']) await stage.ask({ url: path })
    await stage.ask({ url: '/api/session', headers: { authorization: 'Bearer wrong' } })
    const { text } = await exposition(stage.ports.metrics, undefined)
    const counts = text.split('\n').filter((line) => line.startsWith('http_server_request_duration_seconds_count'))
    assert.deepEqual(counts.toSorted(), [
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="",http_response_status_code="404"} 3',
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/api/messages/:id",http_response_status_code="404"} 3',
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/api/session",http_response_status_code="401"} 1',
    ])
  } finally {
    await stage.close()
  }
})
