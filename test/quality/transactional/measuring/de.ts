/** German templates that only measure. */
import type { Template } from '../template.ts'

export const german: readonly Template[] = [
  { kind: 'receipt', from: 'zahlung', subject: 'Zahlungseingang {amount} bestätigt', text: `
# Danke für Ihre Zahlung

Wir haben {amount} von Ihrem Konto eingezogen (Mandat {order}).

{items}

Den Beleg für Ihre Unterlagen können Sie jederzeit herunterladen.

[[Beleg als PDF]]

Die nächste Abbuchung erfolgt am {later}.` },
  { kind: 'invoice', from: 'rechnungswesen', subject: '{Abschlag|Gebührenbescheid|Honorarnote} Nr. {order}', text: `
Guten Tag {name},

für die in {month} erbrachten Leistungen stellen wir Ihnen {large} in Rechnung; das Dokument liegt bei. Das Zahlungsziel beträgt vierzehn Tage.

Rückfragen beantwortet {person}, Zimmer {n}, {street}, {city}.

Dieses Schreiben wurde maschinell erstellt und gilt ohne Unterschrift.` },
  { kind: 'shipping', from: 'zustellung', subject: '{carrier}: Lieferung {tracking} {kommt heute|ist da}', text: `
Ihr Päckchen von {company} {wird heute zwischen {time} und 18 Uhr gebracht|wartet in der Filiale {city} auf Sie}.

| Nummer | {tracking}
| Inhalt | {product}

Niemand zu Hause? Wählen Sie einen Nachbarn oder eine Packstation.

[[Zustellung ändern]]` },
  { kind: 'password', from: 'zugang', subject: 'Zugang zu {company} wiederherstellen', text: `
{first}, mit dem folgenden Link vergeben Sie ein neues Kennwort:

{link}

Nach zwei Stunden verfällt er. Die Anfrage kam von {ip}. Ohne diesen Link kommt niemand in Ihr Benutzerkonto.` },
  { kind: 'code', from: 'anmeldung', subject: 'Einmalkennwort für {company}', text: `
Bitte tippen Sie diese Ziffern ein, um {fortzufahren|den Auftrag über {amount} freizugeben}:

{code}

Nur einmal und nur {drei|acht} Minuten verwendbar. Unsere Mitarbeiter erfragen sie nie am Telefon.` },
  { kind: 'alert', from: 'icinga', subject: '{host}: {service} {CRITICAL|WARNING|OK}', text: `
Prüfung: {service}
Rechner: {host} ({ip})
Ergebnis: {CRITICAL|WARNING|OK}
Zeit: {instant}

{Keine Antwort innerhalb von 10 s|Freier Platz auf /var nur noch {percent}|Das Zertifikat von {domain} läuft in {n} Tagen ab|Sicherung abgeschlossen, {n} Dateien übersprungen}` },
  { kind: 'invitation', from: 'sitzungen', subject: '{Terminanfrage|Geänderter Termin}: {Haushalt 2. Lesung|Einarbeitung {person}|Nachbesprechung Störung}', text: `
{person} möchte sich mit Ihnen abstimmen.

Beginn: {soon}, {time} Uhr (45 Minuten)
Einwahl: {link}
PIN: {card}{card}

Passt der Zeitpunkt nicht, antworten Sie bitte dem Veranstalter.` },
  { kind: 'newsletter', from: 'post', subject: '{product} und {n} weitere Ideen', text: `
# Unsere Auswahl der Woche

{Frisch eingetroffen|Von unserem Team geprüft}: {product} ab {amount}. Ab 40 Euro liefern wir versandkostenfrei.

- So testet {person} jedes Stück
- Langer Abend am {soon}
- Rezepte aus unserer Küche

[[Jetzt stöbern]]

{company}, {street}, {city}. Einstellungen ändern oder abbestellen: {link}` },
  { kind: 'statement', from: 'dokumente', subject: 'Neues Dokument: {Beitragsübersicht|Depotübersicht|Verbrauchsabrechnung} {month}', text: `
Guten Tag {name},

in Ihrem Postfach liegt ein neues Dokument. Eine Kopie haben wir beigefügt.

Stand: {large}. Veränderung seit {past}: {percent}.

Auf diese E-Mail können Sie nicht antworten. Ihr Ansprechpartner ist {person}.` },
  { kind: 'build', from: 'jenkins', subject: 'Bau {instabil|wieder stabil}: {repository} » {branch} #{n}', text: `
Siehe {link}

Änderungen:

- [{person}] Abhängigkeiten angehoben
- [{person}] Zeitüberschreitung in {service} behandelt

Tests: {n} rot, 14{n} grün, 3 übersprungen. Ausgelöst durch {commit} auf {host}.` },
  { kind: 'sign-in', from: 'hinweis', subject: 'Waren Sie das? {browser}, {city}', text: `
Sehr geehrte/r {name},

um {instant} UTC hat sich jemand mit {browser} ({ip}) in Ihr Profil eingeloggt. Diesen Browser kennen wir noch nicht.

Erkennen Sie ihn, ist alles in Ordnung. Sonst beenden Sie bitte die Sitzung.

[[Sitzung beenden]]` },
  { kind: 'reminder', from: 'service', subject: '{Leihfrist endet|Wartung fällig|Vertrag läuft weiter} am {soon}', text: `
Liebe Kundin, lieber Kunde,

{die Leihfrist für „{product}“ endet am {soon}|Ihre Heizung ist zur jährlichen Wartung fällig, unser Techniker {person} ist am {soon} in {city}|Ihr Vertrag {order} verlängert sich am {later} zum Preis von {amount}, sofern Sie nicht widersprechen}.

Verlängern oder bestätigen Sie bitte online bis {time} Uhr.

[[Mein Bereich]]` },
] // biome-ignore format: texts
