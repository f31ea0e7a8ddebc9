export const level = process.env.SALLYPORT_LOG_LEVEL
