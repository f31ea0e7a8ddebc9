import SMTPConnection from 'nodemailer/lib/smtp-connection'
