// Every keyboard shortcut on one sheet.
import { Dialog } from '../ui/Dialog'
import { Kbd } from '../ui/Badge'
import { ALL_PLACES } from './places'
import styles from './ShortcutsDialog.module.css'

const GROUPS: [string, [string[], string][]][] = [
  ['Anywhere', [[['Ctrl', 'K'], 'Go to a page, project or trace id'], [['/'], 'Search'], [['?'], 'This sheet'], ...ALL_PLACES.flatMap((place): [string[], string][] => (place.key ? [[['g', place.key], place.label]] : [])), [['Esc'], 'Close what is open']]],
  ['Lists', [[['j'], 'Next row (also ↓)'], [['k'], 'Previous row (also ↑)'], [['Enter'], 'Open'], [['x'], 'Select'], [['f'], 'Add a filter']]],
  ['Trace', [[['↓', '↑'], 'Next or previous observation'], [['→'], 'Open, or first child'], [['←'], 'Close, or parent'], [['1', '2', '3'], 'Tree, timeline, both'], [[']', '['], 'Next or previous trace'], [['Esc'], 'Back to the list']]],
  ['Agent session', [[['j', 'k'], 'Next or previous step'], [['Enter'], 'Open or close the step'], [['n', 'p'], 'Next or previous turn'], [['e'], 'Next step that failed'], [['1', '5'], 'Conversation, files, terminal, git, CI'], [['Esc'], 'Back to the list']]],
  ['Annotation', [[['j'], 'Skip to the next item'], [['1', '9'], 'Choose a category of the score in focus'], [['Ctrl', 'Enter'], 'Save, complete, next item']]],
]

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} width={620}>
      <div className={styles.groups}>
        {GROUPS.map(([name, keys]) => (
          <section key={name}>
            <h3 className={styles.name}>{name}</h3>
            <dl className={styles.list}>
              {keys.map(([combo, what]) => (
                <div key={what} className={styles.row}>
                  <dt>
                    {combo.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
