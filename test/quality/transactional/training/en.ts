/** English templates that may train. */
import type { Template } from '../template.ts'

export const english: readonly Template[] = [
  { kind: 'receipt', from: 'receipts', subject: 'Your {company} receipt {order}', text: `
{Hi|Hello|Dear} {first},

{Thank you for your order|Thanks for shopping with us|We received your payment of {amount}}. {Here is your receipt|Please find the details below}.

{items}

| Order number | {order}
| Paid on | {date}
| Card ending in | {card}

[[View your order]]

{If something is not right, just reply to this message.|Questions? Our support desk is open on weekdays from 9 to 5.}` },
  { kind: 'invoice', from: 'accounts', subject: 'Invoice {order} from {company}', text: `
Dear {name},

{please find attached|attached you will find} invoice {order} {dated {date}|for {month}}. The total of {large} is due {by {later}|within 30 days}.

| Invoice | {order}
| Amount due | {large}
| Due date | {later}

Please quote the invoice number with your payment. {If you have paid already, no further action is needed.|Our bank details are on the invoice.}

Kind regards
Accounts receivable, {company}` },
  { kind: 'shipping', from: 'orders', subject: '{Your order is on its way|Order {order} has shipped}', text: `
Hello {first},

{good news:|} your parcel with {product} left our warehouse {today|this morning} and was handed to {carrier}.

| Tracking number | {tracking}
| Expected delivery | {soon}
| Deliver to | {name}, {street}, {city}

[[Track your parcel]]

Tracking may take up to 24 hours to show the first scan.` },
  { kind: 'password', from: 'no-reply', subject: '{Reset your password|Password reset for {email}}', text: `
Hi {first},

{someone, hopefully you, asked|we received a request} to reset the password of your {company} account.

[[Choose a new password]]

The link works for {60 minutes|24 hours} and only once. {If you did not ask for it, ignore this message and nothing changes.|Did not request this? You can safely ignore it.}` },
  { kind: 'code', from: 'security', subject: '{code} is your {sign-in|verification} code', text: `
Your {company} verification code is

# {code}

It expires in {5|10|15} minutes. {Never share it with anyone; our staff will not ask for it.|Enter it in the window where you started to sign in.}` },
  { kind: 'alert', from: 'monitoring', subject: '[{FIRING|PROBLEM|RESOLVED}] {service} on {host}', text: `
{Alert|Status change}: {service} on {host}

| State | {CRITICAL|WARNING|OK}
| Since | {instant} UTC
| Value | {percent} {disk used|CPU steal|heap used|of requests failed}
| Runbook | {link}

Sent by the monitoring of {domain}. Silence this alert in the console if the maintenance is planned.` },
  { kind: 'invitation', from: 'calendar', subject: 'Invitation: {Project review|Quarterly planning|Interview|Handover} @ {soon} {time}', text: `
{person} has invited you to a meeting.

| What | {Project review|Quarterly planning|Handover of {service}}
| When | {soon}, {time}
| Where | {Room {n}|Video call|{city} office}

Please accept or decline in your calendar. Agenda: minutes of the last meeting, open points, next steps.` },
  { kind: 'newsletter', from: 'news', subject: '{What is new in {month}|{company} news, {month}}', text: `
# {month} at {company}

{Hello {first}, here is what we have been working on.|Dear reader, this issue is about getting more out of your account.}

- {product}: now available in all stores
- New opening hours in {city} from {soon}
- Our report on energy use is online

[[Read the whole issue]]

Members save 10 % on {product} until {later}.

You get this newsletter because you subscribed with {email}. Unsubscribe at any time: {link}` },
  { kind: 'statement', from: 'statements', subject: 'Your statement for {month} is ready', text: `
Dear {name},

your account statement for {month} is attached as a PDF file. {You can also view it online for ten years.|It is also in your online archive.}

| Account | •••• {card}
| Closing balance | {large}

For your security we never ask for your PIN or password by email.` },
  { kind: 'build', from: 'ci', subject: '{Failed|Fixed|Passed}: {repository} #{n} ({branch} - {commit})', text: `
Pipeline #{n} of {repository} {has failed in stage test|passed|is fixed}

| Branch | {branch}
| Commit | {commit} by {person}
| Duration | {n} min {n} s

- lint: ok
- unit tests: {n} suites
- image: {host}/{repository}:{commit}

[[Open the pipeline]]` },
  { kind: 'sign-in', from: 'account-security', subject: '{New sign-in to your account|New device signed in}', text: `
Hi {first},

your {company} account was just used to sign in from a new device.

| Time | {instant} UTC
| Device | {browser}
| Address | {ip}
| Near | {city}

If this was you, there is nothing to do. Otherwise change your password and sign out all other sessions.

[[Review activity]]` },
  { kind: 'reminder', from: 'appointments', subject: 'Reminder: your appointment on {soon}', text: `
Dear {name},

this is a reminder of your appointment on {soon} at {time}, {street}, {city}.

Please bring {your insurance card|a photo ID|the signed form}. {If you cannot come, let us know a day ahead.|To move the appointment call us or use the link below.}

[[Change or cancel]]

{company}, front desk` },
] // biome-ignore format: texts
