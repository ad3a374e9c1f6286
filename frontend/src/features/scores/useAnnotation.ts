// The state of an annotation form: what was given before, what is typed now, and saving what changed.
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'

import { createScore } from '../../api/operations'
import { entryProblem, entryValue, existingEntries, type Config, type ExistingScore } from '../../lib/annotate'
import type { Entries } from './ScoreFields'

export interface Target {
  traceId?: string
  observationId?: string
  sessionId?: string
  queueId?: string
}

export function useAnnotation(projectId: string, target: Target, configs: readonly Config[], scores: readonly ExistingScore[]) {
  const client = useQueryClient()
  const before = useMemo(() => existingEntries(scores, configs, target.observationId ?? null), [scores, configs, target.observationId])
  const [typed, setTyped] = useState<Entries>(new Map())
  const entries: Entries = new Map([...before, ...typed])
  const changed = configs.filter((config) => {
    const now = typed.get(config.id)
    const was = before.get(config.id)
    return now != null && now.value.trim() !== '' && (now.value !== was?.value || now.comment !== was.comment)
  })
  const problem = configs.some((config) => entryProblem(config, entries.get(config.id)?.value ?? '') != null)

  /** Sends what changed; what was given before is replaced under its id. */
  const save = async () => {
    for (const config of changed) {
      const entry = entries.get(config.id)
      if (!entry) continue
      const comment = entry.comment.trim()
      const { queueId, ...object } = target
      await createScore(projectId, { ...object, ...(queueId == null ? {} : { queueId }), id: before.get(config.id)?.scoreId, name: config.name, configId: config.id, source: 'ANNOTATION', ...entryValue(config, entry.value), comment: comment === '' ? undefined : comment })
    }
    if (changed.length > 0) {
      void client.invalidateQueries({ queryKey: ['scores', projectId] })
      void client.invalidateQueries({ queryKey: ['object-scores', projectId] })
    }
  }
  return { entries, setEntries: setTyped, changed: changed.length, problem, save, reset: () => setTyped(new Map()) }
}
