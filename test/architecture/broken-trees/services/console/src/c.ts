import { Kysely } from 'kysely'
import pg from 'pg'
