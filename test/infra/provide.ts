/**
 * Fetches and builds the servers that tests start into the cache, ahead of them, in the order in which `.ci/run` needs them:
 * `node test/infra/provide.ts [NAME…]`. A test that needs one sooner provides it by itself; one that is being built is waited for.
 */
import { goProgram } from './go-program.ts'
import { baseImages } from './image/base-image.ts'
import { containersMissing } from './image/containers.ts'
import { gatewayImage } from './image/gateway-image.ts'
import { jaegerProgram } from './jaeger.ts'
import { kafkaLibraries } from './kafka-libraries.ts'
import { controlPlanePrograms } from './kubernetes/control-plane.ts'
import { kubernetesTool } from './kubernetes/programs.ts'
import { schemaLocation } from './kubernetes/schemas.ts'
import { versitygw } from './s3.ts'
import { toxiproxyServer } from './toxiproxy.ts'

const providers: Readonly<Record<string, () => Promise<string>>> = {
  kafka: kafkaLibraries,
  versitygw: () => goProgram(versitygw),
  'toxiproxy-server': () => goProgram(toxiproxyServer),
  jaeger: () => goProgram(jaegerProgram),
  helm: () => kubernetesTool('helm'),
  kubeconform: () => kubernetesTool('kubeconform'),
  'kubernetes-schemas': schemaLocation,
  image: async () => containersMissing || (await gatewayImage(await baseImages())),
  'control-plane': controlPlanePrograms,
  kwok: () => kubernetesTool('kwok'),
  keda: () => kubernetesTool('keda'),
  'keda-adapter': () => kubernetesTool('keda-adapter'),
}

const wanted = process.argv.slice(2)
for (const [name, provide] of Object.entries(providers)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const start = Date.now()
  try {
    console.log(`${name}: ${await provide()} (${Math.round((Date.now() - start) / 1000)} s)`)
  } catch (error) {
    // The test that needs it tries again, and says what is wrong.
    console.log(`${name}: ${String(error)}`)
    process.exitCode = 1
  }
}
