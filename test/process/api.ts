/** The console's API as a program calls it. */
import type { GatewayProcess } from './gateway-process.ts'

export interface ApiReply {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON, or null where there is none. */
  readonly body: ReturnType<typeof JSON.parse>
}

/** One request with the gateway's token. An object body is sent as JSON. */
export async function api(
  gateway: GatewayProcess,
  method: string,
  path: string,
  options: { readonly body?: object | string; readonly headers?: Record<string, string> } = {},
): Promise<ApiReply> {
  const isText = typeof options.body === 'string'
  const response = await fetch(`http://${gateway.addresses.console}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.token()}`,
      ...(options.body === undefined ? {} : { 'content-type': isText ? 'application/yaml' : 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: isText ? (options.body as string) : JSON.stringify(options.body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null }
}

/** Puts a policy in place of the current one and waits until the gateway judges by it. */
export async function putPolicy(gateway: GatewayProcess, policy: object, reason = 'test'): Promise<void> {
  const current = await api(gateway, 'GET', '/api/policy')
  const etag = current.headers.get('etag') ?? ''
  const put = await api(gateway, 'PUT', `/api/policy?reason=${encodeURIComponent(reason)}`, {
    body: policy,
    headers: { 'if-match': etag },
  })
  if (put.status >= 300) throw new Error(`PUT /api/policy: ${put.status} ${JSON.stringify(put.body)}`)
}
