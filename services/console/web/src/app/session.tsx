/** Who is signed in: the token is kept for this tab alone, and goes nowhere but into the header of what the page asks. */
import type { Scope, Session } from '@sallyport/contracts'
import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import { type Client, createClient } from '../client/request.ts'

interface SignedIn {
  readonly client: Client
  readonly session: Session
  /** May the holder of this token do what needs `scope`? */
  may(scope: Scope): boolean
  signOut(): void
}

const tokenKey = 'sallyport-token'
const order: readonly Scope[] = ['viewer', 'operator', 'admin']
const SignedInContext = createContext<SignedIn | undefined>(undefined)

/** Fails outside of SessionGate. */
export function useSession(): SignedIn {
  const signedIn = use(SignedInContext)
  if (!signedIn) throw new Error('nobody is signed in')
  return signedIn
}

export const useClient = (): Client => useSession().client

/** The token of a link like `/#token=…`, which never reaches a server or its logs; it is taken out of the address at once. */
function takeTokenOfLink(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return
  sessionStorage.setItem(tokenKey, token)
  history.replaceState(null, '', location.pathname + location.search)
}
takeTokenOfLink()

/** Shows `children` to who is signed in, and to others `SignIn`. */
export function SessionGate({
  children,
  SignIn,
}: {
  readonly children: ReactNode
  readonly SignIn: (props: {
    readonly token: string | undefined
    readonly wasRefused: boolean
    readonly accept: (token: string, session: Session) => void
  }) => ReactNode
}) {
  const [token, setToken] = useState(() => sessionStorage.getItem(tokenKey) ?? undefined)
  const [session, setSession] = useState<Session>()
  const [wasRefused, setWasRefused] = useState(false)
  const signedIn = useMemo((): SignedIn | undefined => {
    if (token === undefined || session === undefined) return undefined
    const leave = (refused: boolean): void => {
      sessionStorage.removeItem(tokenKey)
      setToken(undefined)
      setSession(undefined)
      setWasRefused(refused)
    }
    return {
      client: createClient(token, () => leave(true)),
      session,
      may: (scope) => order.indexOf(session.scope) >= order.indexOf(scope),
      signOut: () => leave(false),
    }
  }, [token, session])
  if (signedIn) return <SignedInContext value={signedIn}>{children}</SignedInContext>
  function accept(accepted: string, told: Session): void {
    sessionStorage.setItem(tokenKey, accepted)
    setToken(accepted)
    setSession(told)
  }
  return <SignIn token={token} wasRefused={wasRefused} accept={accept} />
}
