/** English templates that only measure. */
import type { Template } from '../template.ts'

export const english: readonly Template[] = [
  { kind: 'receipt', from: 'billing', subject: 'Payment confirmation - {amount}', text: `
# Payment successful

We charged {amount} to your card (last four digits {card}) {on {date}|today} for your subscription to {company}.

{items}

Reference {order}. {VAT is included where applicable.|A tax document can be downloaded from your dashboard.}

[[Download PDF copy]]

{Was this charge unexpected? Contact the billing team and quote the reference.|Your next renewal is on {later}.}` },
  { kind: 'invoice', from: 'finance', subject: '{Bill|Tax invoice} no. {order}, payable {later}', text: `
To whom it may concern,

enclosed is our bill no. {order} over {large} for services rendered in {month}. Kindly arrange transfer until {later} using the reference above.

Any discrepancies should be raised with {person} in our finance office, {street}, {city}.

This document was created electronically and is valid without signature.` },
  { kind: 'shipping', from: 'delivery', subject: '{carrier} delivers {today between {time} and 18:00|tomorrow}: shipment {tracking}', text: `
Your {company} shipment is {out for delivery|arriving soon}.

| Consignment | {tracking}
| Recipient | {name}
| Contents | {product}

{Not at home? Choose a neighbour or a pickup point.|The driver needs a signature.}

[[Delivery options]]` },
  { kind: 'password', from: 'accounts', subject: '{company}: finish changing your password', text: `
{first}, use the button to set a fresh password for {email}. For safety it stops working after two hours.

[[Set password]]

Button does not work? Copy this address into your browser: {link}

Requested from {ip}. Nobody can get into the account without this message, so there is no need to act if it was not you.` },
  { kind: 'code', from: 'login', subject: 'Log in to {company}: one-time passcode', text: `
{Enter|Type} this passcode to {continue|confirm the transfer of {amount}|finish signing up}:

{code}

Valid for {three|eight|ten} minutes, one use. We will never phone you about it.` },
  { kind: 'alert', from: 'nagios', subject: '** {host}/{service} is {CRITICAL|WARNING|OK} **', text: `
***** Notification *****

Service: {service}
Host: {host} ({ip})
State: {CRITICAL|WARNING|OK}
Date/Time: {instant}

Additional info: {CRITICAL - load average {percent}|connection refused after 10 s|DISK WARNING - free space /var {percent}|certificate of {domain} expires in {n} days}` },
  { kind: 'invitation', from: 'meetings', subject: '{Updated invitation|Meeting request}: {Budget 2nd round|Onboarding of {person}|Incident review {service}}', text: `
{person} is inviting you to a scheduled call.

Topic: {Budget|Onboarding|Incident review}
Starts: {soon} {time} (45 minutes)

Join: {link}
Dial-in PIN: {card}{card}

Reply to the organiser if the slot does not suit.` },
  { kind: 'newsletter', from: 'hello', subject: '{product} and {n} more ideas for the season', text: `
# This week's picks

{Our buyers chose|You asked, we restocked}: {product} from {amount}. {Free delivery over 40.|Collect in {city}.}

- Behind the scenes: how {person} tests every item
- Save the date: late opening on {soon}
- Recipes from our kitchen

[[Shop the selection]]

{company}, {street}, {city}. Manage preferences or unsubscribe: {link}` },
  { kind: 'statement', from: 'documents', subject: 'New document in your mailbox: {month}', text: `
Good day {name},

a new document (balance overview {month}) was placed in your secure mailbox. A copy comes with this message.

Total holdings: {large}. Change since {past}: {percent}.

Do not reply; this mailbox is not read. Write to your adviser {person} instead.` },
  { kind: 'build', from: 'jenkins', subject: 'Build {became unstable|back to normal}: {repository} » {branch} #{n}', text: `
See {link}

Changes:

- [{person}] bump dependencies
- [{person}] retry flaky upload in {service}

Test results: {n} failed, 14{n} passed, 3 skipped. Triggered by SCM change {commit} on agent {host}.` },
  { kind: 'sign-in', from: 'notify', subject: 'Was it you? {browser} in {city}', text: `
Dear {name},

at {instant} UTC we noticed access to your profile with {browser} at {ip}. We tell you because we have not seen that browser before.

You recognise it: do nothing.
You do not: end the session here.

[[End that session]]

The {company} trust team` },
  { kind: 'reminder', from: 'office', subject: '{Library loan due|Service due|Contract renewal} on {soon}', text: `
Dear customer,

{the item "{product}" is due back on {soon}|your boiler is due for its yearly check; our engineer {person} is in {city} on {soon}|your contract {order} renews on {later} for {amount} unless you tell us otherwise}.

{Renew|Confirm} online or ring the office before {time}.

[[Open my account]]` },
] // biome-ignore format: texts
