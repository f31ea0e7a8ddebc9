import { open } from 'lmdb'
