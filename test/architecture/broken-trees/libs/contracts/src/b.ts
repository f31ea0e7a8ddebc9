import { decide } from '@sallyport/policy'
