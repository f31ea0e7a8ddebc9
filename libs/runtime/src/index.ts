export * from './role.ts'
export * from './signer.ts'
