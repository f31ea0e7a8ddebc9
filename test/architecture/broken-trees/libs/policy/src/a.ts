import process from 'node:process'
