/** Edit, see every fault, look at what would change, apply. */
import { Button } from '@mantine/core'
import type { PolicyChecked } from '@sallyport/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useSession } from '../../app/session.tsx'
import { useAsked } from '../../client/use-asked.ts'
import { DiffView } from '../../editor/diff-view.tsx'
import { YamlEditor } from '../../editor/yaml-editor.tsx'
import { counted } from '../../format/numbers.ts'
import { ChangeList } from '../../parts/change-list.tsx'
import { FaultList, ProblemNotice } from '../../parts/notices.tsx'
import { type Doing, ReasonDialog } from '../../parts/reason-dialog.tsx'
import { useNotice } from '../../parts/toast.tsx'
import styles from './policy-page.module.css'

export function PolicyEditor({ current, etag }: { readonly current: string; readonly etag: string }) {
  const { client, session, may } = useSession()
  const queries = useQueryClient()
  const say = useNotice()
  const schema = useAsked('getPolicySchema', {}, { everyMs: 3_600_000 })
  /** What the editor began with: another revision that comes meanwhile must not take away what somebody is typing. */
  const [base, setBase] = useState({ text: current, etag })
  const [text, setText] = useState(current)
  const [checked, setChecked] = useState<PolicyChecked>()
  const [failure, setFailure] = useState<unknown>()
  const [doing, setDoing] = useState<Doing>()
  const isFile = session.policySource === 'file'
  const isReadOnly = isFile || !may('admin')
  const isChanged = text !== base.text
  const isOld = base.etag !== etag

  const check = useCallback(
    async (asked: string): Promise<PolicyChecked | undefined> => {
      try {
        const { body } = await client.ask('checkPolicy', { text: asked })
        setChecked(body)
        setFailure(undefined)
        return body
      } catch (error) {
        setFailure(error)
        return undefined
      }
    },
    [client],
  )

  /** Counts how often the editor began anew: it keeps its own text otherwise. */
  const [beginning, setBeginning] = useState(0)
  function begin(from: { readonly text: string; readonly etag: string }): void {
    setBase(from)
    setText(from.text)
    setBeginning((times) => times + 1)
  }

  async function review(): Promise<void> {
    const found = await check(text)
    if (!found?.valid) return
    setDoing({
      title: 'Apply this policy?',
      text: (
        <>
          <ChangeList changes={found.changes} />
          {found.warnings.length > 0 && <FaultList faults={found.warnings} />}
          <DiffView before={base.text} after={text} label="What would change" />
        </>
      ),
      verb: 'Apply',
      size: 'xl',
      async run(reason) {
        const { body } = await client.ask('putPolicy', { text, query: { reason }, ifMatch: base.etag })
        const { text: applied, etag: newEtag = '' } = await client.text('getPolicy', { accept: 'application/yaml' })
        begin({ text: applied, etag: newEtag })
        await queries.invalidateQueries()
        say(`Revision ${body.revision} holds from now on. Nothing was restarted.`)
      },
    })
  }

  return (
    <>
      {isFile && <p className={styles.note}>The policy comes from a file (policySource: file): change it there.</p>}
      {!isFile && isReadOnly && (
        <p className={styles.note}>Changing the policy needs an admin; your token is of a {session.scope}.</p>
      )}
      {isOld && (
        <p className={styles.note} role="status">
          Another revision was applied meanwhile.{' '}
          <Button size="compact-xs" variant="default" onClick={() => begin({ text: current, etag })}>
            {isChanged ? 'Give up my changes and take it' : 'Take it'}
          </Button>
        </p>
      )}
      <YamlEditor
        key={beginning}
        text={base.text}
        label="The policy, as YAML"
        schema={schema.data}
        isReadOnly={isReadOnly}
        change={setText}
        check={check}
      />
      <div className={styles.foot}>
        <div role="status">
          <Checked checked={checked} isChanged={isChanged} />
        </div>
        {!isReadOnly && (
          <span className={styles.buttons}>
            <Button variant="default" disabled={!isChanged} onClick={() => begin(base)}>
              Discard
            </Button>
            <Button disabled={!isChanged || checked?.valid === false} onClick={() => void review()}>
              Review and apply
            </Button>
          </span>
        )}
      </div>
      {failure !== undefined && <ProblemNotice error={failure} />}
      {checked && checked.faults.length > 0 && <FaultList faults={checked.faults} />}
      {checked && checked.warnings.length > 0 && (
        <>
          <h3 className={styles.warnings}>Warnings: they refuse nothing</h3>
          <FaultList faults={checked.warnings} />
        </>
      )}
      <ReasonDialog doing={doing} close={() => setDoing(undefined)} />
    </>
  )
}

function Checked({ checked, isChanged }: { readonly checked: PolicyChecked | undefined; readonly isChanged: boolean }) {
  if (!checked) return <span className={styles.soft}>Checking…</span>
  if (!checked.valid) return <span className={styles.bad}>{counted(checked.faults.length, 'fault')}: nothing can be applied</span>
  if (!isChanged) return <span className={styles.soft}>This is what holds now. Ctrl+Space tells what may stand at the cursor.</span>
  return <span className={styles.good}>Valid; {counted(checked.changes.length, 'change')}</span>
}
