export type { IngressSettings, ListenerSettings, TlsTexts } from './settings.ts'
export { type IngressPorts, type RunningIngress, startIngress } from './start-ingress.ts'
