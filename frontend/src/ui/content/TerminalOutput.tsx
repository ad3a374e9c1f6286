// A program's output as its terminal showed it. Long outputs draw only the lines on screen; searched words are marked.
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useMemo, useRef } from 'react'

import { formatBytes } from '../../lib/format'
import { terminalLines, type TerminalLine } from '../../lib/terminal'
import { visibleText } from '../../lib/visibleText'
import { Highlight } from '../Highlight'
import styles from './TerminalOutput.module.css'
import { ansiClass } from './TextContent'

const PLAIN_LINES = 400

export const TerminalOutput = memo(function TerminalOutput({ output, label, words = '' }: { output: string; label: string; words?: string }) {
  const lines = useMemo(() => terminalLines(output), [output])
  if (lines.length > PLAIN_LINES) return <LongOutput lines={lines} label={label} words={words} />
  return (
    <div className={styles.output} role="group" aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        <div key={index} className={styles.line}>
          <Line line={line} words={words} />
        </div>
      ))}
    </div>
  )
})

function LongOutput({ lines, label, words }: { lines: readonly TerminalLine[]; label: string; words: string }) {
  const ref = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => ref.current, estimateSize: () => 18, overscan: 30 })
  return (
    <div ref={ref} className={styles.output} role="group" aria-label={label} tabIndex={0}>
      <div className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index]
          return line ? (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={styles.placed} style={{ transform: `translateY(${item.start}px)` }}>
              <Line line={line} words={words} />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

function Line({ line, words }: { line: TerminalLine; words: string }) {
  return (
    <>
      {line.runs.map((run, index) => (
        <span key={index} className={ansiClass(run.style)}>
          <Highlight text={visibleText(run.text)} words={words} />
        </span>
      ))}
      {line.hidden > 0 ? <span className={styles.hidden}> … {formatBytes(line.hidden)} more in this line</span> : null}
      {line.runs.length === 0 ? ' ' : null}
    </>
  )
}
