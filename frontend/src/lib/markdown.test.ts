// The Markdown subset: what becomes structure, what stays text, and that hostile input costs linear time.
import { describe, expect, it } from 'vitest'

import { parseInline, parseMarkdown, safeHref } from './markdown'

describe('parseMarkdown', () => {
  it('reads blocks', () => {
    const blocks = parseMarkdown('# T\n\npara\nmore\n\n- a\n  - b\n- [x] c\n\n1. one\n\n```rust\nfn x() {}\n```\n> q\n\n---\n|a|b|\n|-|-|\n|1|2|')
    expect(blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'list', 'code', 'quote', 'rule', 'table'])
  })
  it('keeps an unclosed fence as code to the end', () => {
    expect(parseMarkdown('```\na\nb')).toEqual([{ kind: 'code', language: '', text: 'a\nb' }])
  })
  it('reads every line of a long paragraph alike', () => {
    const [block] = parseMarkdown(Array.from({ length: 9 }, () => '**b**').join('\n'))
    expect(block?.kind === 'paragraph' && block.lines.every((line) => line[0]?.kind === 'strong')).toBe(true)
  })
  it('leaves HTML as text', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([{ kind: 'paragraph', lines: [[{ kind: 'text', text: '<img src=x onerror=alert(1)>' }]] }])
  })
})

describe('parseInline', () => {
  it.each([
    ['**b**', ['strong']],
    ['*i* and _j_', ['em', 'text', 'em']],
    ['snake_case_name', ['text']],
    ['`co*de*`', ['code']],
    ['a ** b', ['text']],
    ['[x](https://a.example)', ['link']],
    ['[x](javascript:alert(1))', ['text', 'text']],
    ['![x](https://evil.example/beacon.png)', ['image']],
    ['see https://a.example/b, ok', ['text', 'link', 'text']],
    ['~~no~~', ['strike']],
    ['\\*not\\*', ['text']],
  ])('%s', (input, expected) => expect(parseInline(input).map((node) => node.kind)).toEqual(expected))

  it.each(['*', '_', '`', '[', '![', '**a', '[a](', '> ', '#', '|'])('survives 20,000 times %s', (mark) => {
    const started = performance.now()
    parseMarkdown(mark.repeat(20_000))
    expect(performance.now() - started).toBeLessThan(1500)
  })
})

describe('safeHref', () => {
  it.each([
    ['https://a.example/x', 'https://a.example/x'],
    ['HTTP://a.example', 'http://a.example/'],
    ['javascript:alert(1)', null],
    ['java\nscript:alert(1)', null],
    ['data:text/html,x', null],
    ['//a.example', null],
    ['/relative', null],
    ['https://user:pw@a.example', null],
    ['vbscript:x', null],
  ])('%j is %j', (target, expected) => expect(safeHref(target)).toBe(expected))
})
