import { fakeClock } from '@sallyport/testkit'
