export { App } from '../web/src/app.tsx'
