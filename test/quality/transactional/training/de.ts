/** German templates that may train. */
import type { Template } from '../template.ts'

export const german: readonly Template[] = [
  { kind: 'receipt', from: 'bestellung', subject: 'Ihre Bestellung {order} bei {company}', text: `
{Guten Tag|Hallo|Liebe Kundin, lieber Kunde|Sehr geehrte/r} {name},

vielen Dank für Ihre Bestellung vom {date}. {Wir haben Ihre Zahlung erhalten.|Ihre Ware wird nun zusammengestellt.}

{items}

| Bestellnummer | {order}
| Gesamtbetrag | {amount}
| Bezahlt mit | Karte, Endziffern {card}

[[Bestellung ansehen]]

{Bei Fragen antworten Sie einfach auf diese Nachricht.|Unser Kundendienst ist werktags von 8 bis 18 Uhr für Sie da.}` },
  { kind: 'invoice', from: 'buchhaltung', subject: 'Rechnung {order} der {company}', text: `
Sehr geehrte Damen und Herren,

{anbei erhalten Sie|im Anhang finden Sie} unsere Rechnung {order} über {large}. Bitte überweisen Sie den Betrag bis zum {later} unter Angabe der Rechnungsnummer.

| Rechnungsnummer | {order}
| Rechnungsbetrag | {large}
| Fällig am | {later}

Mit freundlichen Grüßen
Ihre Buchhaltung` },
  { kind: 'shipping', from: 'versand', subject: '{Ihr Paket ist unterwegs|Sendung {tracking} wurde übergeben}', text: `
Hallo {name},

Ihre Bestellung {order} ({product}) haben wir heute an {carrier} übergeben. Die Zustellung erfolgt voraussichtlich am {soon}.

| Sendungsnummer | {tracking}
| Lieferanschrift | {street}, {city}

[[Sendung verfolgen]]

Es kann einige Stunden dauern, bis die Sendung im System erscheint.` },
  { kind: 'password', from: 'noreply', subject: '{Passwort zurücksetzen|Ihr neues Passwort bei {company}}', text: `
Hallo {first},

für Ihr Konto {email} wurde {das Zurücksetzen des Passworts angefordert|ein neues Passwort angefordert}.

[[Neues Passwort festlegen]]

Der Link ist {eine Stunde|24 Stunden} gültig. Haben Sie das nicht veranlasst, können Sie diese Nachricht ignorieren.` },
  { kind: 'code', from: 'sicherheit', subject: 'Ihr Bestätigungscode: {code}', text: `
{Guten Tag,|Hallo {first},}

Ihr Code zur Anmeldung lautet

# {code}

Er gilt {5|10|15} Minuten. Geben Sie ihn an niemanden weiter.` },
  { kind: 'alert', from: 'ueberwachung', subject: '[{STÖRUNG|WARNUNG|BEHOBEN}] {service} auf {host}', text: `
{Zustandswechsel|Störungsmeldung} der Überwachung

| Dienst | {service}
| Rechner | {host}
| Seit | {instant} UTC
| Messwert | {percent} {Plattenbelegung|Prozessorlast|Speicherbelegung}

Diese Nachricht wurde automatisch erzeugt.` },
  { kind: 'invitation', from: 'kalender', subject: 'Einladung: {Projektbesprechung|Quartalsplanung|Abnahme} am {soon}', text: `
{person} lädt Sie zu einer Besprechung ein.

| Thema | {Projektbesprechung|Quartalsplanung|Abnahme {service}}
| Zeit | {soon}, {time} Uhr
| Ort | {Raum {n}|Videokonferenz|{city}}

Bitte sagen Sie in Ihrem Kalender zu oder ab.` },
  { kind: 'newsletter', from: 'newsletter', subject: '{Neues im {month}|Unser Rundbrief: {month}}', text: `
# Neuigkeiten aus {city}

{Guten Tag {name}, das haben wir in diesem Monat für Sie.|Liebe Leserinnen und Leser, in dieser Ausgabe geht es um nachhaltige Verpackung.}

- {product} wieder auf Lager
- Geänderte Öffnungszeiten ab {soon}
- Rückblick: Tag der offenen Tür

[[Zur Ausgabe]]

Sie erhalten diesen Newsletter, weil Sie sich mit {email} angemeldet haben. Abmelden: {link}` },
  { kind: 'statement', from: 'kontoauszug', subject: 'Ihr Kontoauszug für {month}', text: `
Sehr geehrte/r {name},

Ihr Kontoauszug für {month} liegt dieser E-Mail als PDF bei. {Sie finden ihn auch in Ihrem Postfach.|Bitte prüfen Sie die Buchungen.}

| Konto | ••{card}
| Endsaldo | {large}

Wir fragen Sie niemals per E-Mail nach PIN oder TAN.` },
  { kind: 'build', from: 'ci', subject: '{Fehlgeschlagen|Erfolgreich}: {repository} #{n} ({branch})', text: `
Die Pipeline #{n} von {repository} ist {fehlgeschlagen|erfolgreich durchgelaufen}.

| Zweig | {branch}
| Änderung | {commit} von {person}
| Dauer | {n} min

[[Pipeline öffnen]]` },
  { kind: 'sign-in', from: 'konto', subject: 'Neue Anmeldung an Ihrem Konto', text: `
Hallo {first},

Ihr Konto wurde gerade auf einem neuen Gerät verwendet.

| Zeitpunkt | {instant} UTC
| Gerät | {browser}
| Adresse | {ip}

Waren Sie das, müssen Sie nichts tun. Andernfalls ändern Sie bitte Ihr Passwort.

[[Aktivität prüfen]]` },
  { kind: 'reminder', from: 'termine', subject: 'Erinnerung an Ihren Termin am {soon}', text: `
Sehr geehrte/r {name},

wir erinnern Sie an Ihren Termin am {soon} um {time} Uhr in der {street}, {city}.

Bitte bringen Sie {Ihre Versichertenkarte|einen Lichtbildausweis} mit. Falls Sie verhindert sind, sagen Sie bitte rechtzeitig ab.

[[Termin verschieben]]` },
] // biome-ignore format: texts
