// Variables, placeholders, references, names and folders of prompts.
import { describe, expect, it } from 'vitest'

import { baseName, contentProblem, contentText, folderOf, folderTrail, labelProblem, nameProblem, placeholdersOf, readContent, referencesOf, tokenizePrompt, variablesOf, writeContent, type ChatEntry } from './prompt'

const message = (role: string, content: string): ChatEntry => ({ type: 'chatmessage', role, content, name: '' })
const placeholder = (name: string): ChatEntry => ({ type: 'placeholder', role: '', content: '', name })

describe('variablesOf', () => {
  it.each([
    ['none', 'Hello', []],
    ['each once, in order', '{{b}} {{a}} {{ b }}', ['b', 'a']],
    ['single braces are text', '{a} {{}} {{ }}', []],
    ['not over lines or with blanks inside', '{{a b}} {{a\nb}}', []],
    ['letters of any alphabet', '{{größe}}', ['größe']],
    ['JSON is not a variable', '{"a": {"b": 1}}', []],
  ])('%s', (_, text, expected) => expect(variablesOf(text)).toEqual(expected))

  it('looks into every message', () => expect(variablesOf([message('system', '{{a}}'), placeholder('history'), message('user', '{{b}}')])).toEqual(['a', 'b']))
})

it('tokens make up the text again', () => {
  const text = 'Hi {{name}}, @@@langfusePrompt:name=a/b|label=production@@@!'
  const tokens = tokenizePrompt(text)
  expect(tokens.map((token) => token.kind)).toEqual(['text', 'variable', 'text', 'reference', 'text'])
  expect(tokens.map((token) => token.text).join('')).toBe(text)
})

it('reads references by version and by label', () => {
  expect(referencesOf('@@@langfusePrompt:name=a/b|version=3@@@ @@@langfusePrompt:name=c|label=x@@@ @@@langfusePrompt:label=x@@@')).toEqual([
    { name: 'a/b', version: 3, label: null },
    { name: 'c', version: null, label: 'x' },
  ])
})

it('reads and writes chat prompts', () => {
  const wire = [{ role: 'system', content: 'Be {{tone}}' }, { type: 'placeholder', name: 'history' }]
  const content = readContent(wire)
  expect(placeholdersOf(content)).toEqual(['history'])
  expect(writeContent(content)).toEqual(wire)
  expect(contentText(content)).toBe('[system]\nBe {{tone}}\n\n[placeholder] history')
})

describe('problems', () => {
  it.each([['', null], ['support/greeting', null], ['a|b', /“\|”/], ['a//b', /slashes/], ['/a', /slashes/], ['new', /reserved/], ['<b>', /hold/], ['x'.repeat(256), /255/]])('of the name %j', (name, expected) => {
    if (expected == null) expect(nameProblem(name)).toBeNull()
    else expect(nameProblem(name)).toMatch(expected)
  })
  it.each([['production', true], ['v1.2-b_c', true], ['latest', false], ['Prod', false], ['', false], ['a b', false]])('of the label %j', (label, fine) => expect(labelProblem(label) == null).toBe(fine))
  it.each([
    ['an empty text', ' ', /empty/],
    ['no messages', [], /Add a message/],
    ['a placeholder without a name', [placeholder('')], /placeholder/],
    ['a name used twice', [message('user', '{{x}}'), placeholder('x')], /rename/],
    ['nothing', [message('user', 'x')], null],
  ])('of the content: %s', (_, content, expected) => {
    if (expected == null) expect(contentProblem(content)).toBeNull()
    else expect(contentProblem(content)).toMatch(expected)
  })
})

it('takes names apart', () => {
  expect(folderTrail('a/b')).toEqual([{ name: 'a', path: 'a' }, { name: 'b', path: 'a/b' }])
  expect(folderTrail('')).toEqual([])
  expect([folderOf('a/b/c'), folderOf('c'), baseName('a/b/c'), baseName('c')]).toEqual(['a/b', '', 'c', 'c'])
})
