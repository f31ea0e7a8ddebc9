export { decide } from '@sallyport/policy'
