// What the runs list says of many scores.
import { describe, expect, it } from 'vitest'

import { scoreText, sumScores, sumText } from './runStats'

const score = (name: string, dataType: string, value: unknown) => ({ name, dataType, value })

describe('sumScores', () => {
  it.each([
    ['numbers by their mean', [score('q', 'NUMERIC', 1), score('q', 'NUMERIC', 0)], ['q 0.5']],
    ['yes and no by share', [score('ok', 'BOOLEAN', true), score('ok', 'BOOLEAN', 0), score('ok', 'BOOLEAN', 'True')], ['ok 67% yes']],
    ['categories by frequency', [score('c', 'CATEGORICAL', 'b'), score('c', 'CATEGORICAL', 'a'), score('c', 'CATEGORICAL', 'b'), score('c', 'CATEGORICAL', 'b')], ['c b 75% · a 25%']],
    ['texts are left out', [score('t', 'TEXT', 'x'), score('k', 'CORRECTION', 'y')], []],
    ['one name with two types stays apart', [score('q', 'NUMERIC', 2), score('q', 'CATEGORICAL', 'x')], ['q 2', 'q x 100%']],
    ['numbers that are none are left out', [score('q', 'NUMERIC', 'x')], []],
  ])('%s', (_, scores, expected) => expect(sumScores(scores).map((sum) => `${sum.name} ${sumText(sum)}`)).toEqual(expected))
})

it.each([[score('a', 'NUMERIC', 0.33333), '0.333'], [score('a', 'BOOLEAN', 1), 'Yes'], [score('a', 'CATEGORICAL', 'good'), 'good'], [score('a', 'NUMERIC', null), 'null']])('%j reads as %s', (given, expected) => expect(scoreText(given)).toBe(expected))
