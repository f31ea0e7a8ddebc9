/** What each check is about, for somebody who makes programs and has never heard of it. */

export interface CheckWords {
  readonly title: string
  /** What it looks at, and why anybody cares. */
  readonly about: string
  /** Where in a program the cause usually is. */
  readonly where: string
}

const known: Readonly<Record<string, CheckWords>> = {
  domain: {
    title: 'The sender domain is not one that this application may use',
    about:
      'Every message names a sender, twice: in the SMTP command MAIL FROM, and in the header field From that people see. What stands behind the @ is the sender domain. Receivers look up in DNS which servers may send for that domain (this is called SPF), and whether the message is signed by it (DKIM). Our servers are named there for our own domains only. A message with any other sender domain is refused by receivers or marked as spam, and it harms the reputation of everybody who sends through the same servers.',
    where:
      'Look for the sender address in the configuration of the program or of its mail library: often a default such as root@localhost, the address of a customer, or a domain of a test system. Set both the envelope sender (often called return path, bounce address or MAIL FROM) and From to an address of a domain that is ours.',
  },
  address: {
    title: 'The sender address is not one that this application may use',
    about:
      'An address that does not exist cannot receive what comes back: replies of people, and reports that a message could not be delivered. An address that belongs to somebody else sends those to a stranger, who may read data that is not meant for them. So each application has a list of addresses that it may send as.',
    where:
      'Send as an address that is registered for the application. If the address is right and new, ask for it to be registered; where people have to answer somebody in particular, put that address into Reply-To and keep From.',
  },
  spam: {
    title: 'The message looks like spam',
    about:
      'Receivers judge each message by how it is built and what it says: missing or malformed header fields, links that hide where they lead, HTML without a text part, and wording that is typical of unwanted mail. What they judge badly lands in the spam folder, and with it the good mail that comes from the same servers. The gateway applies the same rules before they do.',
    where:
      'Each finding below names a rule and what to change. Most of them are in the code that builds the message: use a mail library instead of writing header fields by hand, give every HTML message a text part, and link to where the text says.',
  },
  throttle: {
    title: 'The application sends more than was agreed',
    about:
      'Large amounts of mail in a short time are the mark of a program in a loop, or of an account that was taken over, and receivers block servers that send them. So each application has limits: how many messages or recipients in an hour, and how many at once (the burst).',
    where:
      'If the amount is a mistake, look for a loop, a retry without a pause, or a report that goes to everybody. If it is wanted, send more slowly, or ask for another limit before the next large mailing.',
  },
}

export const checkWords = (check: string): CheckWords =>
  known[check] ?? {
    title: `The check "${check}" says no`,
    about: 'This check was added for this organization.',
    where: 'The findings below say what to change.',
  }
