/** Kubernetes' own description of its objects, and that of the custom ones, as strict JSON Schemas for kubeconform: no network. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { cacheFolder, whileLocked } from '../cache-folder.ts'
import { goModule } from '../go-program.ts'
import { customResources } from './custom-resources.ts'
import { kubernetesVersion } from './programs.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

interface Kind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** The location of the schemas, as kubeconform takes it. Made once. */
export async function schemaLocation(): Promise<string> {
  const folder = join(cacheFolder('kubernetes-schemas'), `${kubernetesVersion}-2`)
  if (!existsSync(folder)) {
    await whileLocked('kubernetes-schemas', async () => {
      if (existsSync(folder)) return
      const partial = `${folder}.new`
      rmSync(partial, { recursive: true, force: true })
      mkdirSync(partial, { recursive: true })
      await writeBuiltIn(partial)
      for (const file of await customResources()) writeCustom(partial, file)
      renameSync(partial, folder)
    })
  }
  return `${folder}/{{ .ResourceKind }}{{ .KindSuffix }}.json`
}

async function writeBuiltIn(folder: string): Promise<void> {
  const { folder: source } = await goModule('k8s.io/kubernetes', kubernetesVersion)
  const swagger = JSON.parse(readFileSync(join(source, 'api/openapi-spec/swagger.json'), 'utf8')) as {
    readonly definitions: Readonly<Record<string, JsonObject>>
  }
  const all: Record<string, Json> = Object.fromEntries(
    Object.entries(swagger.definitions).map(([name, definition]) => [name, strict(definition, '#/definitions/')]),
  )
  all['io.k8s.apimachinery.pkg.util.intstr.IntOrString'] = intOrString
  all['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { oneOf: [{ type: 'string' }, { type: 'number' }] }
  writeFileSync(join(folder, '_definitions.json'), JSON.stringify({ definitions: all }))
  for (const definition of Object.values(swagger.definitions)) {
    const kinds = (definition['x-kubernetes-group-version-kind'] ?? []) as unknown as readonly Kind[]
    const schema = strict(definition, '_definitions.json#/definitions/') as JsonObject
    for (const kind of kinds) writeFileSync(join(folder, fileName(kind)), JSON.stringify(schema))
  }
}

interface Definition {
  readonly spec: {
    readonly group: string
    readonly names: { readonly kind: string }
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: JsonObject } }[]
  }
}

function writeCustom(folder: string, file: string): void {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const { spec } = document.toJS() as Definition
    for (const { name, schema } of spec.versions) {
      const kind = { group: spec.group, version: name, kind: spec.names.kind }
      const closed = strict(schema.openAPIV3Schema, '#') as { readonly properties?: JsonObject }
      const text = JSON.stringify({ ...closed, properties: { ...closed.properties, metadata: { type: 'object' } } })
      writeFileSync(join(folder, fileName(kind)), text)
    }
  }
}

const fileName = ({ group, version, kind }: Kind): string =>
  `${kind}-${group === '' ? '' : `${group.split('.')[0]}-`}${version}.json`.toLowerCase()

const intOrString: Json = { oneOf: [{ type: 'string' }, { type: 'integer' }] }

/** Closes every object, so that a misspelt field is a fault, and turns references to where the definitions are. */
function strict(schema: Json, definitions: string): Json {
  if (Array.isArray(schema)) return schema.map((each: Json) => strict(each, definitions))
  if (schema === null || typeof schema !== 'object') return schema
  const from = schema as JsonObject
  if (from['x-kubernetes-int-or-string'] === true || from.format === 'int-or-string') return intOrString
  const made: Record<string, Json> = {}
  for (const [key, value] of Object.entries(from)) {
    if (key === '$ref') made[key] = String(value).replace('#/definitions/', definitions)
    else if (key === 'properties') made[key] = mapped(value as JsonObject, (property) => nullable(strict(property, definitions)))
    else if (!key.startsWith('x-kubernetes-')) made[key] = strict(value, definitions)
  }
  const isOpen = from['x-kubernetes-preserve-unknown-fields'] === true || made.additionalProperties !== undefined
  return made.properties === undefined || isOpen ? made : { ...made, additionalProperties: false }
}

const mapped = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))

function nullable(schema: Json): Json {
  const from = schema as JsonObject
  return typeof from.type === 'string' ? { ...from, type: [from.type, 'null'] } : schema
}
