/** What is counted of directories. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { DirectorySource } from './directory-source.ts'

export interface DirectoryMetrics {
  readonly read: (result: 'loaded' | 'held-back' | 'failed') => void
}

export function directoryMetrics(registry: Registry, sources: () => Iterable<DirectorySource>): DirectoryMetrics {
  const registers = [registry]
  const labelNames = ['directory']
  new Gauge({
    name: 'sallyport_address_directory_addresses',
    help: 'Addresses in use, by directory',
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { name, content } of sources()) this.set({ directory: name }, content?.addresses.size ?? 0)
    },
  })
  new Gauge({
    name: 'sallyport_address_directory_held_back',
    help: '1 where the newest file lost more than half of its addresses and waits to be confirmed',
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { name, heldBack } of sources()) this.set({ directory: name }, heldBack ? 1 : 0)
    },
  })
  new Gauge({
    name: 'sallyport_address_directory_unreadable',
    help: '1 where the file cannot be read',
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { name, problem } of sources()) this.set({ directory: name }, problem === undefined ? 0 : 1)
    },
  })
  new Gauge({
    name: 'sallyport_address_directory_bytes',
    help: 'Memory of the addresses in use, by directory',
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { name, content } of sources()) this.set({ directory: name }, content?.addresses.heldBytes ?? 0)
    },
  })
  const reads = new Counter({
    name: 'sallyport_address_directory_reads_total',
    help: 'Directory files read, by what came of it',
    labelNames: ['result'],
    registers,
  })
  return { read: (result) => reads.inc({ result }) }
}
