export const load = () => import('@sallyport/bus')
