/** The server's side of AUTH PLAIN and LOGIN (RFC 4954). */

/** Say `reply`; the next line then goes to `next`; or AUTH is over, with a user where the password was right. */
export type AuthStep =
  | { readonly reply: string; readonly next: (line: string) => AuthStep }
  | { readonly reply: string; readonly user: string | undefined }

/** What to answer to an AUTH command line. */
export function beginAuth(line: string, users: Readonly<Record<string, string>>): AuthStep {
  const [, mechanism = '', initial] = line.split(' ')
  const judge = (user: string, password: string): AuthStep =>
    users[user] === password
      ? { reply: '235 2.7.0 Authenticated', user }
      : { reply: '535 5.7.8 Wrong user or password', user: undefined }
  const plain = (response: string): AuthStep => {
    const [, user = '', password = ''] = decode(response).split('\0')
    return judge(user, password)
  }
  const askPassword = (user: string): AuthStep => ({
    reply: `334 ${encode('Password:')}`,
    next: (password) => judge(decode(user), decode(password)),
  })
  switch (mechanism.toUpperCase()) {
    case 'PLAIN':
      return initial ? plain(initial) : { reply: '334 ', next: plain }
    case 'LOGIN':
      return initial ? askPassword(initial) : { reply: `334 ${encode('Username:')}`, next: askPassword }
    default:
      return { reply: '504 5.5.4 Unknown mechanism', user: undefined }
  }
}

const decode = (text: string): string => Buffer.from(text, 'base64').toString()
const encode = (text: string): string => Buffer.from(text).toString('base64')
