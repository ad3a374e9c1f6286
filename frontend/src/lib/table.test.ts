// Files to import: every way of writing rows.
import { describe, expect, it } from 'vitest'

import { formatOf, guessMapping, parseCsv, readTable, toItem } from './table'

const fields = (text: string) => parseCsv(text).map((record) => record.fields)

describe('parseCsv', () => {
  it.each([
    ['plain', 'a,b\n1,2\n', [['a', 'b'], ['1', '2']]],
    ['without a last line end', 'a\n1', [['a'], ['1']]],
    ['CRLF', 'a,b\r\n1,2\r\n', [['a', 'b'], ['1', '2']]],
    ['quotes, commas and lines inside', 'a,b\n"x, ""y""\nz",2', [['a', 'b'], ['x, "y"\nz', '2']]],
    ['empty fields', 'a,b,c\n,,\n', [['a', 'b', 'c'], ['', '', '']]],
    ['semicolons', 'a;b\n1,5;2', [['a', 'b'], ['1,5', '2']]],
    ['tabs', 'a\tb\n1\t2', [['a', 'b'], ['1', '2']]],
    ['a quoted header with the mark inside', '"a,a";b\n1;2', [['a,a', 'b'], ['1', '2']]],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => expect(fields(text)).toEqual(expected))
  it('knows the line a record begins on', () => expect(parseCsv('a\n"1\n2"\n3').map((record) => record.line)).toEqual([1, 2, 4]))
})

describe('readTable', () => {
  it('reads CSV with a byte order mark, skips blank lines, names rows that are too long', () => {
    const table = readTable('\uFEFFinput,output\nhi,there\n\na,b,c\n', 'csv')
    expect(table.columns).toEqual(['input', 'output'])
    expect(table.rows).toEqual([{ input: 'hi', output: 'there' }])
    expect(table.problems).toEqual([{ line: 4, message: '3 fields, but the header has 2' }])
  })
  it('keeps two columns of one name apart', () => expect(readTable('a,a\n1,2', 'csv').columns).toEqual(['a', 'a (2)']))
  it('reads a list, one object, and a value a line', () => {
    expect(readTable('[{"a":1},{"b":2}]', 'json')).toMatchObject({ columns: ['a', 'b'], rows: [{ a: 1 }, { b: 2 }] })
    expect(readTable('{"a":1}', 'json').rows).toEqual([{ a: 1 }])
    expect(readTable('{"a":1}\n\nx\n"text"', 'jsonl')).toMatchObject({ rows: [{ a: 1 }, { value: 'text' }], problems: [{ line: 3, message: 'Not JSON' }] })
    expect(readTable('{', 'json').problems).toHaveLength(1)
  })
  it.each([['a.csv', 'x', 'csv'], ['a.jsonl', '', 'jsonl'], ['a.json', '[1]', 'json'], ['a.json', '{"a":1}\n{"a":2}', 'jsonl'], ['a.txt', '', 'csv']] as const)('%s is read as %s', (name, text, expected) => expect(formatOf(name, text)).toBe(expected))
})

describe('mapping', () => {
  it.each([
    [['input', 'expected_output', 'metadata'], { input: ['input'], expectedOutput: ['expected_output'], metadata: ['metadata'], id: [] }],
    [['Question', 'Answer', 'lang'], { input: ['Question'], expectedOutput: ['Answer'], metadata: [], id: [] }],
    [['city', 'day'], { input: ['city', 'day'], expectedOutput: [], metadata: [], id: [] }],
  ])('guesses %j', (columns, expected) => expect(guessMapping(columns)).toEqual(expected))

  it('one column is the value, several are an object; JSON cells are read; numbers in text stay text', () => {
    const row = { q: '{"a":1}', lang: 'de', zip: '01234', id: ' x1 ' }
    expect(toItem(row, { input: ['q'], expectedOutput: [], metadata: ['lang', 'zip'], id: ['id'] })).toEqual({ id: 'x1', input: { a: 1 }, metadata: { lang: 'de', zip: '01234' } })
  })
})
