/** Writes a golden file for each example that has none yet. Existing ones are never touched: old records must still parse. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { examples } from './examples.ts'

for (const { name, codec, record, bytes } of examples) {
  const path = join(import.meta.dirname, `${name}.v1.bin`)
  if (!existsSync(path)) writeFileSync(path, codec.encode(record as never, bytes))
}
