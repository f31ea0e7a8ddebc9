import { openBus } from '@sallyport/bus'
