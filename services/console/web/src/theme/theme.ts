import { createTheme } from '@mantine/core'

/** Only what needs no variable of its own: the colours are in theme.css. */
export const theme = createTheme({
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Keeping the page from scrolling behind a dialog would write an element of style.
    ModalRoot: { defaultProps: { lockScroll: false, centered: true } },
    ModalCloseButton: { defaultProps: { 'aria-label': 'Close' } },
  },
})
