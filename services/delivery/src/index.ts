export * from './config.ts'
export { type DeliveryPorts, startDelivery } from './start-delivery.ts'
