// Texts that came from traces, as text: long ones cut with a way to see the rest, terminal colours kept, invisible characters shown.
import { memo, useMemo, useState, type ReactNode } from 'react'

import { hasAnsi, parseAnsi, type AnsiStyle } from '../../lib/ansi'
import { formatBytes } from '../../lib/format'
import { visibleText } from '../../lib/visibleText'
import { cx } from '../cx'
import styles from './content.module.css'
import { MediaText } from './MediaText'

const CUT = 12_000
const CHUNK = 16_000

/** Cuts a long text and offers the rest; `render` draws what is shown. */
export function Cuttable({ text, cut = CUT, render }: { text: string; cut?: number; render: (text: string, whole: boolean) => ReactNode }) {
  const [all, setAll] = useState(false)
  if (text.length <= cut) return render(text, true)
  return (
    <>
      {all ? <PlainChunks text={text} /> : render(text.slice(0, cut), false)}
      <div className={styles.cutBar}>
        <span>{all ? `All ${formatBytes(text.length)} shown` : `First ${formatBytes(cut)} of ${formatBytes(text.length)}`}</span>
        <button type="button" className={styles.linkButton} onClick={() => setAll(!all)}>
          {all ? 'Show less' : 'Show all'}
        </button>
      </div>
    </>
  )
}

/** Megabytes of text: drawn in blocks that the browser skips while they are off screen. */
function PlainChunks({ text }: { text: string }) {
  const chunks = useMemo(() => {
    const parts: string[] = []
    for (let at = 0; at < text.length; ) {
      let end = Math.min(text.length, at + CHUNK)
      const line = text.lastIndexOf('\n', end)
      if (end < text.length && line > at) end = line + 1
      parts.push(text.slice(at, end))
      at = end
    }
    return parts
  }, [text])
  return (
    <div className={styles.pre}>
      {chunks.map((chunk, index) => (
        <div key={index} className={styles.chunk}>
          <MediaText text={chunk} render={visibleText} />
        </div>
      ))}
    </div>
  )
}

export const PlainText = memo(function PlainText({ text, wrap = true }: { text: string; wrap?: boolean }) {
  const pre = (part: string) => <pre className={cx(styles.pre, !wrap && styles.nowrap)}>{hasAnsi(part) ? <Ansi text={part} /> : visibleText(part)}</pre>
  return <Cuttable text={text} render={(shown) => <MediaText text={shown} render={pre} />} />
})

function Ansi({ text }: { text: string }) {
  return parseAnsi(text).map((run, index) => (
    <span key={index} className={ansiClass(run.style)}>
      {visibleText(run.text)}
    </span>
  ))
}

export function ansiClass(style: AnsiStyle): string {
  return cx(
    style.color != null && styles[`fg${style.color}`],
    style.background != null && styles.bg,
    style.bold && styles.bold,
    style.dim && styles.dim,
    style.italic && styles.italic,
    style.underline && styles.underline,
  )
}

/** Code with a language label; diffs get their added and removed lines coloured. */
export const CodeBlock = memo(function CodeBlock({ text, language }: { text: string; language: string }) {
  const diff = language === 'diff' || language === 'patch' || /^(?:diff --git |@@ |\*\*\* Begin Patch)/m.test(text.slice(0, 2000))
  return (
    <div className={styles.code}>
      {language ? <div className={styles.codeLabel}>{language}</div> : null}
      <Cuttable
        text={text}
        render={(shown) => (
          <pre className={styles.codeText}>
            {diff
              ? shown.split('\n').map((line, index) => (
                  <span key={index} className={diffClass(line)}>
                    {visibleText(line)}
                    {'\n'}
                  </span>
                ))
              : hasAnsi(shown) ? <Ansi text={shown} /> : visibleText(shown)}
          </pre>
        )}
      />
    </div>
  )
})

function diffClass(line: string): string | undefined {
  if (line.startsWith('@@') || line.startsWith('***')) return styles.diffHunk
  if (line.startsWith('+')) return styles.diffAdd
  if (line.startsWith('-')) return styles.diffRemove
  return undefined
}
