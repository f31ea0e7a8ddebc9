/** Small but valid files as application servers attach them: PDF, PNG and calendar entries. */
import { crc32, deflateSync } from 'node:zlib'

/** One page with these lines in Latin letters; what a Type 1 font cannot show becomes `?`. */
export function pdf(lines: readonly string[]): Buffer {
  const escaped = lines.map((line) => `(${line.replace(/[^\x20-\x7e\xa1-\xff]/g, '?').replace(/[\\()]/g, '\\$&')}) Tj T*`)
  const drawing = `BT /F1 11 Tf 14 TL 56 780 Td\n${escaped.join('\n')}\nET`
  const packed = deflateSync(Buffer.from(drawing, 'latin1')).toString('latin1')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  let file = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

/** A logo: stripes in one colour over white. */
export function png(width: number, height: number, colour: readonly [number, number, number]): Buffer {
  const row = (y: number) => {
    const pixels = Array.from({ length: width }, (_, x) => ((x + y) % 8 < 5 ? colour : ([255, 255, 255] as const)))
    return Buffer.from([0, ...pixels.flat()])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, (_, y) => row(y))))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

export interface Meeting {
  readonly id: string
  readonly title: string
  readonly organizer: string
  readonly attendee: string
  readonly made: Date
  readonly starts: Date
  readonly minutes: number
}

/** An RFC 5546 request with one attendee; lines folded at 75 octets. */
export function calendarRequest(meeting: Meeting): string {
  const stamp = (date: Date) => `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Calendar//Scheduling//EN', 'METHOD:REQUEST', 'BEGIN:VEVENT',
    `UID:${meeting.id}`, `DTSTAMP:${stamp(meeting.made)}`, `DTSTART:${stamp(meeting.starts)}`,
    `DTEND:${stamp(new Date(meeting.starts.getTime() + meeting.minutes * 60_000))}`, `SUMMARY:${meeting.title.replace(/[\\;,]/g, '\\$&')}`,
    `ORGANIZER:mailto:${meeting.organizer}`, `ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${meeting.attendee}`,
    'SEQUENCE:0', 'STATUS:CONFIRMED', 'END:VEVENT', 'END:VCALENDAR',
  ] // biome-ignore format: one line of the file after another
  return `${lines.map(folded).join('\r\n')}\r\n`
}

function folded(line: string): string {
  let [all, current, octets] = ['', '', 0]
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (octets + length > 73) {
      all += `${current}\r\n `
      current = ''
      octets = 0
    }
    current += character
    octets += length
  }
  return all + current
}
