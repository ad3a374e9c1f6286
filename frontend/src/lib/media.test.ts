// References to media, and what of them may be shown.
import { describe, expect, it } from 'vitest'

import { collectMedia, liftMedia, lowerMedia, mediaKind, nameMedia, splitLifted, splitMedia } from './media'

const reference = '@@@langfuseMedia:type=image/png|id=abc-_1|source=bytes@@@'

describe('splitMedia', () => {
  it('cuts a text at its references', () => {
    expect(splitMedia(`see ${reference}!`)).toEqual([{ kind: 'text', text: 'see ' }, { kind: 'media', reference: { id: 'abc-_1', type: 'image/png' } }, { kind: 'text', text: '!' }])
  })
  it.each([['an id with a path', '@@@langfuseMedia:type=image/png|id=../x|source=bytes@@@'], ['no type', '@@@langfuseMedia:id=a@@@'], ['not closed', '@@@langfuseMedia:type=image/png|id=a'], ['a type that is none', '@@@langfuseMedia:type=<img>|id=a@@@']])('%s stays text', (_, text) => {
    expect(splitMedia(text)).toEqual([{ kind: 'text', text }])
  })
})

it('finds references anywhere in a value, each once', () => {
  expect(collectMedia({ a: [reference, { b: `x ${reference}` }], c: 5 })).toEqual([{ id: 'abc-_1', type: 'image/png' }])
})

it.each([['image/png', 'image'], ['image/svg+xml', 'file'], ['text/html', 'file'], ['audio/wav', 'audio'], ['application/pdf', 'file'], ['video/mp4', 'video']])('%s is shown as %s', (type, kind) => expect(mediaKind(type)).toBe(kind))

describe('liftMedia', () => {
  const two = `| ${reference} | b |\n\`${reference}\``
  it('takes the reference out of the way of a parser, and puts it back', () => {
    const lifted = liftMedia(two)
    expect(lifted.text).not.toContain('image/png')
    expect(lowerMedia(lifted.text, lifted)).toBe(two)
    expect(splitLifted(lifted.text.split('|')[1] ?? '', lifted)).toEqual([{ kind: 'text', text: ' ' }, { kind: 'media', reference: { id: 'abc-_1', type: 'image/png' } }, { kind: 'text', text: ' ' }])
  })
  it('leaves marks alone that a text brings itself', () => {
    const lifted = liftMedia(`\uE0007\uE001 ${reference}`)
    expect(splitLifted(lifted.text, lifted)[0]).toEqual({ kind: 'text', text: '\uE0007\uE001' })
    expect(lowerMedia(lifted.text, lifted)).toBe(`\uE0007\uE001 ${reference}`)
  })
})

it.each([
  [`see ${reference}!`, 'see [image/png]!'],
  ['cut @@@langfuseMedia:type=audio/wav|id=ab…', 'cut [audio/wav]'],
  ['cut @@@langfuseMedia:type=audio/wav|id=ab', 'cut [audio/wav]'],
  ['cut @@@langfuseMedia:type=audio/wav', 'cut [audio/wav]'],
  ['none', 'none'],
  ['@@@langfuseMedia:type=<b>|id=1@@@', '@@@langfuseMedia:type=<b>|id=1@@@'],
])('a preview names the file: %s', (text, named) => expect(nameMedia(text)).toBe(named))
