// What the form says before the server does.
import { describe, expect, it } from 'vitest'

import { schemaProblems } from './jsonSchema'
import { parseOptional, parseTyped } from './jsonText'

describe('schemaProblems', () => {
  const schema = { type: 'object', required: ['question'], properties: { question: { type: 'string', minLength: 2 }, tries: { type: 'integer', minimum: 1 }, tags: { type: 'array', items: { enum: ['a', 'b'] } } }, additionalProperties: false }
  it.each([
    ['fits', { question: 'Why?' }, []],
    ['a missing key', {}, ['$.question is missing']],
    ['a wrong type', { question: 5 }, ['$.question must be string']],
    ['too short', { question: 'x' }, ['$.question needs at least 2 characters']],
    ['a number out of range', { question: 'Why?', tries: 0 }, ['$.tries must be at least 1']],
    ['an entry of a list', { question: 'Why?', tags: ['a', 'c'] }, ['$.tags[1] must be one of "a", "b"']],
    ['an unknown key', { question: 'Why?', other: 1 }, ['$.other is not allowed']],
    ['not an object', 'text', ['$ must be object']],
  ])('%s', (_, value, expected) => expect(schemaProblems(schema, value)).toEqual(expected))
  it.each([[null], [true], [{}], [{ $ref: '#/x' }], [{ oneOf: [] }]])('passes what it does not know: %j', (unknown) => expect(schemaProblems(unknown, 5)).toEqual([]))
})

describe('typed JSON', () => {
  it.each([
    ['{\n  "a": x\n}', 'line 2, column 8'],
    ['{"a": 1,}', 'line 1, column 9'],
    ['[1 2]', 'line 1, column 4'],
    ['{a: 1}', 'line 1, column 2'],
    ["'text'", 'line 1, column 1'],
    ['{} x', 'line 1, column 4'],
    ['"a\nb"', 'line 1, column 1'],
    ['{"a": [1, 2', 'it ends too early'],
  ])('says where the mistake in %j is', (text, place) => expect(parseTyped(text)).toEqual({ ok: false, message: `Not JSON: ${place}` }))
  it('takes nothing for none', () => expect(parseOptional('  ')).toEqual({ ok: true, value: undefined }))
})
