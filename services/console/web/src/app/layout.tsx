/** What stands around every page: the way to the others, the colours, and who is signed in. */
import { ActionIcon, Menu } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { NavLink, Outlet, useLocation } from 'react-router'
import { Icon, type IconName } from '../parts/icon.tsx'
import styles from './layout.module.css'
import { useSession } from './session.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

const pages: readonly (readonly [string, string, IconName])[] = [
  ['/', 'Overview', 'overview'],
  ['/applications', 'Applications', 'applications'],
  ['/messages', 'Messages', 'messages'],
  ['/quarantine', 'Quarantine', 'quarantine'],
  ['/queue', 'Queue', 'queue'],
  ['/policy', 'Policy', 'policy'],
  ['/audit', 'Audit log', 'audit'],
]

export function Layout() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  // A new page begins at its top, for eyes, keyboard and screen readers alike; not when the console is opened.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the path is another
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false
      return
    }
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <header className={styles.bar}>
        <NavLink to="/" className={styles.brand ?? ''} aria-label="Sallyport: overview">
          <img src="/sallyport.svg" alt="" width={26} height={26} />
          <span>Sallyport</span>
        </NavLink>
        <nav aria-label="Pages" className={styles.pages}>
          {pages.map(([to, name, icon]) => (
            <NavLink key={to} to={to} end={to === '/'} className={styles.link ?? ''}>
              <Icon name={icon} />
              <span>{name}</span>
            </NavLink>
          ))}
        </nav>
        <div className={styles.own}>
          <ThemeSwitch />
          <WhoMenu />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
    </div>
  )
}

function WhoMenu() {
  const { session, signOut } = useSession()
  return (
    <Menu position="top-start" withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="transparent" size="lg" className={styles.who ?? ''} aria-label={`Signed in as ${session.name}`}>
          <Icon name="leave" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name}, {session.scope}
          {session.organization ? `, ${session.organization}` : ''}
        </Menu.Label>
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
