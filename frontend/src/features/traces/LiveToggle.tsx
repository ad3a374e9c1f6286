// Switches live updates; says why they are off when the list's order or range rules them out.
import { LiveDot } from '../../ui/Badge'
import { cx } from '../../ui/cx'
import styles from './TracesPage.module.css'

export function LiveToggle({ on, possible, failing, onChange }: { on: boolean; possible: boolean; failing: boolean; onChange: (on: boolean) => void }) {
  const tip = failing ? 'The server does not answer; trying again' : !possible ? 'Live needs the newest first and a sliding time range. Click to switch to that.' : on ? 'New traces appear by themselves. Click to pause.' : 'Paused. Click to see new traces as they arrive.'
  return (
    <button type="button" role="switch" aria-checked={on} className={cx(styles.live, on && styles.liveOn)} data-tip={tip} onClick={() => onChange(!on)}>
      <LiveDot on={on && !failing} />
      {failing ? 'Reconnecting' : on ? 'Live' : 'Paused'}
    </button>
  )
}
