/** For tests: the command line in a process of their own. */
export { printTo } from './print.ts'
export { run } from './run.ts'
