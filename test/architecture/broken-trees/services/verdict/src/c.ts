import { secret } from '../../delivery/src/index.ts'
