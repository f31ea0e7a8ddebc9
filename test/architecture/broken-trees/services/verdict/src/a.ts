import { start } from '@sallyport/delivery'
