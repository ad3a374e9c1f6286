// Markdown as React elements: nothing is ever parsed as HTML, images that a text names by address are named instead of loaded, and
// a link shows where it goes. Files that were uploaded stand where the text refers to them.
import { createContext, Fragment, memo, useContext, useMemo } from 'react'

import { parseMarkdown, safeHref, type Block, type Inline } from '../../lib/markdown'
import { liftMedia, lowerMedia, splitLifted, type LiftedMedia } from '../../lib/media'
import { visibleText } from '../../lib/visibleText'
import { ExternalLink } from '../Badge'
import { cx } from '../cx'
import styles from './content.module.css'
import { MediaView } from './MediaText'
import { CodeBlock, Cuttable } from './TextContent'

const Lifted = createContext<LiftedMedia>({ text: '', references: [] })

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return <Cuttable text={text} cut={40_000} render={(shown) => <Document text={shown} />} />
})

function Document({ text }: { text: string }) {
  const lifted = useMemo(() => liftMedia(text), [text])
  return (
    <Lifted value={lifted}>
      <Blocks text={lifted.text} depth={0} />
    </Lifted>
  )
}

function Blocks({ text, depth }: { text: string; depth: number }) {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  return (
    <div className={styles.markdown}>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} depth={depth} />
      ))}
    </div>
  )
}

function BlockView({ block, depth }: { block: Block; depth: number }) {
  const lifted = useContext(Lifted)
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          {block.lines.map((line, index) => (
            <Fragment key={index}>
              {index > 0 ? '\n' : null}
              <InlineView nodes={line} />
            </Fragment>
          ))}
        </p>
      )
    case 'heading':
      return (
        <div className={cx(styles.heading, block.level <= 2 && styles.headingBig)} role="heading" aria-level={Math.min(6, block.level + 2)}>
          <InlineView nodes={block.children} />
        </div>
      )
    case 'code':
      return <CodeBlock text={lowerMedia(block.text, lifted)} language={block.language} />
    case 'quote':
      return <blockquote className={styles.quote}>{depth < 4 ? <Blocks text={block.text} depth={depth + 1} /> : visibleText(lowerMedia(block.text, lifted))}</blockquote>
    case 'list':
      return (
        <div role="list" className={styles.list}>
          {block.items.map((item, index) => (
            <div key={index} role="listitem" className={styles.item} style={{ '--depth': item.depth }}>
              <span className={styles.bullet}>{item.checked != null ? (item.checked ? '☑' : '☐') : block.ordered && item.depth === 0 ? `${block.start + countBefore(block.items, index)}.` : '•'}</span>
              <span>
                <InlineView nodes={item.children} />
              </span>
            </div>
          ))}
        </div>
      )
    case 'table':
      return (
        <div className={styles.tableWrap}>
          <table className={styles.table}>
            <thead>
              <tr>
                {block.header.map((cell, index) => (
                  <th key={index}>
                    <InlineView nodes={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, at) => (
                    <td key={at}>
                      <InlineView nodes={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )
    case 'rule':
      return <hr className={styles.rule} />
  }
}

function countBefore(items: { depth: number }[], at: number): number {
  return items.slice(0, at).filter((item) => item.depth === 0).length
}

function InlineView({ nodes }: { nodes: Inline[] }) {
  return nodes.map((node, index) => <InlineNode key={index} node={node} />)
}

function InlineNode({ node }: { node: Inline }) {
  const lifted = useContext(Lifted)
  const show = useContext(MediaView)
  switch (node.kind) {
    case 'text':
      if (show == null) return visibleText(lowerMedia(node.text, lifted))
      return splitLifted(node.text, lifted).map((segment, index) => <Fragment key={index}>{segment.kind === 'media' ? show(segment.reference) : visibleText(segment.text)}</Fragment>)
    case 'code':
      return <code className={styles.inlineCode}>{visibleText(lowerMedia(node.text, lifted))}</code>
    case 'strong':
      return (
        <strong>
          <InlineView nodes={node.children} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <InlineView nodes={node.children} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <InlineView nodes={node.children} />
        </s>
      )
    case 'link': {
      const host = new URL(node.href).host
      const label = node.children.map((child) => ('text' in child ? child.text : '')).join('')
      return (
        <ExternalLink href={node.href}>
          <InlineView nodes={node.children} />
          {label.includes(host) ? null : <span className={styles.linkHost}> ({host})</span>}
        </ExternalLink>
      )
    }
    case 'image': {
      // A reference as the address of an image is what SDKs make of data in Markdown.
      const [file] = splitLifted(node.href, lifted)
      if (show != null && file?.kind === 'media') return show(file.reference)
      return (
        <span className={styles.image}>
          [image: {visibleText(lowerMedia(node.alt, lifted)) || 'unnamed'}
          {safeHref(node.href) ? ` · ${new URL(node.href).host}` : ''} · not loaded]
        </span>
      )
    }
  }
}
