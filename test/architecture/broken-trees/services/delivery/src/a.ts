import { SMTPServer } from 'smtp-server/lib/smtp-server.js'
