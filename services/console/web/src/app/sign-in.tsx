/** Asks for the API's token, and says where it is. */
import { Button, PasswordInput } from '@mantine/core'
import type { Session } from '@sallyport/contracts'
import { type SubmitEvent, useEffect, useState } from 'react'
import { createClient } from '../client/request.ts'
import { Loading, ProblemNotice } from '../parts/notices.tsx'
import styles from './sign-in.module.css'

export function SignIn({
  token,
  wasRefused,
  accept,
}: {
  /** Of this tab, from before: it is tried at once. */
  readonly token: string | undefined
  readonly wasRefused: boolean
  readonly accept: (token: string, session: Session) => void
}) {
  const [typed, setTyped] = useState('')
  const [isAsking, setIsAsking] = useState(token !== undefined)
  const [failure, setFailure] = useState<unknown>()

  async function tryToken(given: string): Promise<void> {
    setIsAsking(true)
    setFailure(undefined)
    try {
      const { body } = await createClient(given, () => {}).ask('getSession')
      accept(given, body)
    } catch (error) {
      setFailure(error)
      setIsAsking(false)
    }
  }

  useEffect(() => {
    document.title = 'Sign in · Sallyport'
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the token of before is tried once
  useEffect(() => {
    if (token !== undefined) void tryToken(token)
  }, [])

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (typed.trim() !== '') void tryToken(typed.trim())
  }

  if (isAsking && typed === '') return <Loading />
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit}>
        <img src="/sallyport.svg" alt="" width={44} height={44} />
        <h1>Sallyport</h1>
        <p className={styles.soft}>The console of your outbound mail gateway.</p>
        {wasRefused && failure === undefined && <p role="status">The token is not accepted any more. Sign in again.</p>}
        {failure !== undefined && <ProblemNotice error={failure} />}
        <PasswordInput
          label="Token"
          name="token"
          autoComplete="current-password"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
          data-autofocus
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={isAsking} fullWidth>
          Sign in
        </Button>
        <details className={styles.soft}>
          <summary>Where do I find it?</summary>
          <p>
            The gateway makes one at its first start, in <code>console-token</code> of its data folder:
          </p>
          <pre>cat data/console-token</pre>
          <p>
            Whoever runs the gateway gives out others, for viewers and operators, under <code>console.tokens</code> of its
            configuration. The page keeps it for this tab alone.
          </p>
        </details>
      </form>
    </main>
  )
}
