/** Organizational domains under which mail services count clicks for their customers before they send the reader on. */
const domains = `
acemlna.com acemlnb.com acemlnc.com activehosted.com awstrack.me braze.com campaign-view.com cmail19.com cmail20.com cmail1.com
cmail2.com cmail3.com cmail4.com cmail5.com constantcontact.com createsend.com createsend1.com customeriomail.com eloqua.com
emarsys.net emlnk.com emlnk1.com emlnk9.com exacttarget.com getresponse.com hs-sites.com hubspotemail.net hubspotlinks.com intercom-mail.com
iterable.com klaviyomail.com list-manage.com list-manage1.com list-manage2.com mailchi.mp mailgun.org mailjet.com mandrillapp.com marketo.com
mcsv.net mjt.lu mktdns.com mktotracking.com mlsend.com mlsend2.com mlsp.com pardot.com postmarkapp.com pstmrk.it responsys.net rs6.net
sailthru.com salesforce-sites.com sendgrid.net sendibm1.com sendibm2.com sendibm3.com sendinblue.com sendpulse.com smtp2go.com sparkpostmail.com
sparkpostmail1.com klclick.com klclick1.com urldefense.com urldefense.us proofpoint.com mimecastprotect.com
`

const trackers: ReadonlySet<string> = new Set(domains.trim().split(/\s+/))

/** `domain` is an organizational domain, `host` a lower-case host. */
export const isClickTracker = (domain: string, host: string): boolean =>
  domain === 'outlook.com' ? host.endsWith('.safelinks.protection.outlook.com') : trackers.has(domain)
