// Operations on datasets, their items, runs and experiments.
import { call } from './client'
import type { Dataset, DatasetItem, DatasetRun, Experiment, ExperimentItem, NumberedPage, Page } from './types'

const seg = encodeURIComponent
/** Experiments want a time to begin from; runs of any age are meant. */
const EVER = '2000-01-01T00:00:00.000Z'

export const listDatasets = (projectId: string, query: { name?: string; page: number }, signal?: AbortSignal) =>
  call<NumberedPage<Dataset>>('/api/public/v2/datasets', { projectId, query: { ...query, limit: 50 }, signal })
export const getDataset = (projectId: string, name: string, signal?: AbortSignal) => call<Dataset>(`/api/public/v2/datasets/${seg(name)}`, { projectId, signal })

export interface NewDataset {
  name: string
  description?: string
  metadata?: unknown
  inputSchema?: unknown
  expectedOutputSchema?: unknown
}
export const saveDataset = (projectId: string, dataset: NewDataset) => call<Dataset>('/api/public/v2/datasets', { method: 'POST', projectId, body: dataset })

export type ItemStatus = 'ACTIVE' | 'ARCHIVED' | 'ALL'
export const listDatasetItems = (projectId: string, query: { datasetName: string; status?: ItemStatus; version?: string; page: number; limit?: number }, signal?: AbortSignal) =>
  call<NumberedPage<DatasetItem>>('/api/public/dataset-items', { projectId, query: { limit: 100, ...query }, signal })
export const getDatasetItem = (projectId: string, id: string, signal?: AbortSignal) => call<DatasetItem>(`/api/public/dataset-items/${seg(id)}`, { projectId, signal })

export interface NewDatasetItem {
  datasetName: string
  id?: string
  input?: unknown
  expectedOutput?: unknown
  metadata?: unknown
  sourceTraceId?: string
  sourceObservationId?: string
  status?: 'ACTIVE' | 'ARCHIVED'
}
export const saveDatasetItem = (projectId: string, item: NewDatasetItem, signal?: AbortSignal) =>
  call<DatasetItem>('/api/public/dataset-items', { method: 'POST', projectId, body: item, signal })
export const deleteDatasetItem = (projectId: string, id: string) => call<unknown>(`/api/public/dataset-items/${seg(id)}`, { method: 'DELETE', projectId })

export const listDatasetRuns = (projectId: string, datasetName: string, page: number, signal?: AbortSignal) =>
  call<NumberedPage<DatasetRun>>(`/api/public/datasets/${seg(datasetName)}/runs`, { projectId, query: { page, limit: 50 }, signal })
export const deleteDatasetRun = (projectId: string, datasetName: string, runName: string) =>
  call<unknown>(`/api/public/datasets/${seg(datasetName)}/runs/${seg(runName)}`, { method: 'DELETE', projectId })

export const listExperiments = (projectId: string, query: { id?: string; datasetId?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
  call<Page<Experiment>>('/api/public/experiments', { projectId, query: { limit: 50, fields: 'core,metadata,scores', ...query, fromStartTime: EVER }, signal })
export const listExperimentItems = (projectId: string, query: { experimentId?: string; experimentItemId?: string; cursor?: string }, signal?: AbortSignal) =>
  call<Page<ExperimentItem>>('/api/public/experiment-items', { projectId, query: { limit: 50, fields: 'core,dataset,io,scores', ...query, fromStartTime: EVER }, signal })
