/** The codec of each table, by what the published contract says stands on it. */
import Type from 'typebox'
import { type Codec, codec } from '../codec.ts'
import { topics } from '../topics.ts'
import { describedRecords } from './described-records.ts'
import { describedTopics } from './described-topics.ts'

/** By name of the topic. */
export function tableCodecs(): ReadonlyMap<string, Pick<Codec<unknown>, 'decode'>> {
  return new Map(
    Object.entries(describedTopics).flatMap(([name, { producers }]) => {
      const topic = Object.entries(topics).find(([known]) => known === name)?.[1]
      if (topic?.retention.kind !== 'table') return []
      const schemas = producers.flatMap(({ records }) => records.map((record) => describedRecords[record].schema))
      return [[topic.name, codec(Type.Union(schemas))]]
    }),
  )
}
