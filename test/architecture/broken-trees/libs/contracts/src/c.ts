import { readFileSync } from 'fs'
