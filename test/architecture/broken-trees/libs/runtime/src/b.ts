import '@opentelemetry/api'
