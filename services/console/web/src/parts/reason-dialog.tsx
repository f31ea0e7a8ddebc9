/** Asks why before something is done: the reason goes into the audit log. */
import { Button, Group, Modal, Textarea } from '@mantine/core'
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { ProblemNotice } from './notices.tsx'
import styles from './reason-dialog.module.css'

export interface Doing {
  readonly title: string
  /** What it does, and what it does not. */
  readonly text: ReactNode
  /** On the button. */
  readonly verb: string
  readonly isDangerous?: boolean
  readonly size?: 'md' | 'xl'
  /** Rejects with what went wrong. */
  readonly run: (reason: string) => Promise<unknown>
}

export function ReasonDialog({ doing, close }: { readonly doing: Doing | undefined; readonly close: () => void }) {
  return (
    <Modal.Root opened={doing !== undefined} onClose={close} size={doing?.size ?? 'md'}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title>{doing?.title}</Modal.Title>
          <Modal.CloseButton />
        </div>
        <Modal.Body>{doing && <ReasonForm doing={doing} close={close} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function ReasonForm({ doing, close }: { readonly doing: Doing; readonly close: () => void }) {
  const [reason, setReason] = useState('')
  const [isRunning, setIsRunning] = useState(false)
  const [failure, setFailure] = useState<unknown>()

  async function run(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (reason.trim() === '') return
    setIsRunning(true)
    setFailure(undefined)
    try {
      await doing.run(reason.trim())
      close()
    } catch (error) {
      setFailure(error)
      setIsRunning(false)
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void run(event)}>
      <div className={styles.text}>{doing.text}</div>
      {failure !== undefined && <ProblemNotice error={failure} />}
      <Textarea
        label="Reason"
        description="For the record: it stands in the audit log."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        rows={2}
        maxLength={1000}
        required
        withAsterisk={false}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" color={doing.isDangerous ? 'red' : 'blue'} loading={isRunning} disabled={reason.trim() === ''}>
          {doing.verb}
        </Button>
      </Group>
    </form>
  )
}
