/** Light, dark, or as the system has it. */
import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { Icon, type IconName } from '../parts/icon.tsx'
import styles from './layout.module.css'

const schemes: readonly (readonly ['auto' | 'light' | 'dark', string, IconName])[] = [
  ['auto', 'As the system', 'screen'],
  ['light', 'Light', 'sun'],
  ['dark', 'Dark', 'moon'],
]

export function ThemeSwitch() {
  // Without its wish to stop transitions for a moment, which would write an element of style.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const icon = schemes.find(([scheme]) => scheme === colorScheme)?.[2] ?? 'screen'
  return (
    <Menu position="top-start" withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="transparent" size="lg" className={styles.who ?? ''} aria-label="Colours">
          <Icon name={icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={colorScheme} onChange={(chosen) => setColorScheme(schemeOf(chosen))}>
          {schemes.map(([scheme, name]) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

const schemeOf = (name: string | null): 'auto' | 'light' | 'dark' => (name === 'light' || name === 'dark' ? name : 'auto')
