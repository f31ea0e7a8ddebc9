/** Apache Kafka from Maven Central: the broker's jars, fetched once. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, whileLocked } from './cache-folder.ts'
import { findProgram } from './find-program.ts'
import { runProgram } from './run-program.ts'

export const kafkaVersion = '4.4.0'

/** Why tests with Kafka are skipped here, or false. */
export const kafkaMissing =
  (findProgram('java') === undefined || findProgram('mvn') === undefined) &&
  'java and mvn are not installed (Debian: openjdk-17-jre-headless maven)'

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`

/** The folder of the jars. */
export async function kafkaLibraries(): Promise<string> {
  const home = cacheFolder(`kafka-${kafkaVersion}`)
  const libraries = join(home, 'libs')
  if (existsSync(libraries)) return libraries
  return await whileLocked('kafka', async () => {
    if (existsSync(libraries)) return libraries
    const partial = `${libraries}.new`
    rmSync(partial, { recursive: true, force: true })
    writeFileSync(join(home, 'pom.xml'), project)
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
    await runProgram('mvn', ['-q', '-B', '-ntp', goal, '-DincludeScope=runtime', `-DoutputDirectory=${partial}`], { cwd: home })
    renameSync(partial, libraries)
    return libraries
  })
}
