// Chooses the time range: a sliding preset or two fixed times in local time.
import { useState, type SubmitEvent } from 'react'

import { formatDateTime } from '../../lib/format'
import { RANGE_PRESETS, rangeBounds, rangeText, type TimeRange } from '../../lib/timeRange'
import { Button } from '../Button'
import { cx } from '../cx'
import { TextField } from '../Field'
import { moveFocus } from '../Menu'
import { Popover } from '../Popover'
import styles from './FilterBar.module.css'
import { fromLocalInput, toLocalInput } from './localTime'

export function TimeRangePicker({ range, onChange }: { range: TimeRange; onChange: (text: string) => void }) {
  const label = range.kind === 'preset' ? range.label : `${formatDateTime(range.from).slice(0, 16)} – ${formatDateTime(range.to).slice(0, 16)}`
  return (
    <Popover
      label="Time range"
      width={440}
      align="end"
      trigger={(trigger) => (
        <Button icon="clock" iconEnd="chevronDown" {...trigger} aria-label={`Time range: ${label}`}>
          {label}
        </Button>
      )}
    >
      {(close) => (
        <div className={styles.range}>
          <div className={styles.presets} onKeyDown={moveFocus}>
            {RANGE_PRESETS.map((preset) => (
              <button
                key={preset.key}
                type="button"
                data-item
                data-autofocus={range.kind === 'preset' && range.key === preset.key ? true : undefined}
                aria-pressed={range.kind === 'preset' && range.key === preset.key}
                className={cx(styles.preset, range.kind === 'preset' && range.key === preset.key && styles.presetOn)}
                onClick={() => {
                  onChange(preset.key)
                  close()
                }}
              >
                {preset.label}
              </button>
            ))}
          </div>
          <Absolute
            range={range}
            onChange={(text) => {
              onChange(text)
              close()
            }}
          />
        </div>
      )}
    </Popover>
  )
}

function Absolute({ range, onChange }: { range: TimeRange; onChange: (text: string) => void }) {
  const [opened] = useState(() => Date.now())
  const bounds = rangeBounds(range, opened)
  const [from, setFrom] = useState(toLocalInput(bounds.fromTimestamp))
  const [to, setTo] = useState(toLocalInput(bounds.toTimestamp ?? new Date(opened).toISOString()))
  const fromIso = fromLocalInput(from)
  const toIso = fromLocalInput(to)
  const valid = fromIso != null && toIso != null && fromIso < toIso
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (valid) onChange(rangeText({ kind: 'absolute', from: fromIso, to: toIso }))
  }
  return (
    <form className={styles.absolute} onSubmit={submit}>
      <div className={styles.absoluteTitle}>Between two times</div>
      <TextField label="From" type="datetime-local" step={1} value={from} onChange={(event) => setFrom(event.target.value)} />
      <TextField label="To" type="datetime-local" step={1} value={to} onChange={(event) => setTo(event.target.value)} error={valid ? null : 'Must be after the start'} />
      <Button type="submit" variant="primary" disabled={!valid}>
        Apply
      </Button>
      <div className={styles.zone}>Times are in {Intl.DateTimeFormat().resolvedOptions().timeZone}</div>
    </form>
  )
}
