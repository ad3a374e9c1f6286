import { expect, test } from 'vitest'

import { foldScores } from './queries'

test('scores are folded by name and version: numbers as their mean, words by share, yes and no once', () => {
  const numbers = [
    { name: 'useful', observationPromptVersion: '3', count_count: '4', avg_value: 0.5 },
    { name: 'correct', observationPromptVersion: 3, count_count: 2, avg_value: 1 },
    { name: 'useful', observationPromptVersion: 0, count_count: 9, avg_value: 1 },
  ]
  const words = [
    { name: 'tone', observationPromptVersion: 3, stringValue: 'rude', count_count: 1 },
    { name: 'tone', observationPromptVersion: 3, stringValue: 'friendly', count_count: 3 },
    { name: 'correct', observationPromptVersion: 3, stringValue: 'True', count_count: 2 },
  ]

  expect(foldScores(numbers, words)).toEqual([
    { name: 'correct', version: 3, count: 2, mean: 1, words: [] },
    { name: 'tone', version: 3, count: 4, mean: null, words: [{ word: 'friendly', count: 3 }, { word: 'rude', count: 1 }] },
    { name: 'useful', version: 3, count: 4, mean: 0.5, words: [] },
  ])
})
