/** Short word that something was done: announced, and gone after a while. */
import { CloseButton } from '@mantine/core'
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react'
import { Icon } from './icon.tsx'
import styles from './toast.module.css'

const NoticeContext = createContext<(text: string) => void>(() => {})

/** Says that something was done. */
export const useNotice = (): ((text: string) => void) => use(NoticeContext)

const shownMs = 8000

export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [text, setText] = useState<string>()
  const say = useCallback((said: string) => setText(said), [])
  useEffect(() => {
    if (text === undefined) return
    const timer = setTimeout(() => setText(undefined), shownMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <NoticeContext value={say}>
      {children}
      <div role="status" className={styles.place}>
        {text !== undefined && (
          <div className={styles.toast}>
            <Icon name="check" />
            <span>{text}</span>
            <CloseButton size="sm" aria-label="Close" onClick={() => setText(undefined)} />
          </div>
        )}
      </div>
    </NoticeContext>
  )
}
