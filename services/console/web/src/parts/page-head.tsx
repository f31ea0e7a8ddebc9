/** The head of a page: its name, which is the document's title as well, and what can be done there. */
import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router'
import { Icon } from './icon.tsx'
import styles from './page-head.module.css'

export function PageHead({
  title,
  back,
  children,
  note,
}: {
  readonly title: string
  /** Where this page is reached from. */
  readonly back?: { readonly to: string; readonly name: string }
  readonly note?: ReactNode
  readonly children?: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Sallyport`
  }, [title])
  return (
    <header className={styles.head}>
      <div className={styles.name}>
        {back && (
          <Link to={back.to} className={styles.back}>
            <Icon name="back" size={15} /> {back.name}
          </Link>
        )}
        <h1>{title}</h1>
        {note && <div className={styles.note}>{note}</div>}
      </div>
      {children && <div className={styles.actions}>{children}</div>}
    </header>
  )
}
