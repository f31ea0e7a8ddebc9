import { start } from '@sallyport/ingress'
