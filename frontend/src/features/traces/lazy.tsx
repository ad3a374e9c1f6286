// Dialogs that few visits open: their code is loaded when they are.
import { lazy, Suspense, type ComponentProps } from 'react'

const Queue = lazy(async () => ({ default: (await import('../queues/AddToQueueDialog')).AddToQueueDialog }))
const Dataset = lazy(async () => ({ default: (await import('../datasets/AddToDataset')).AddToDatasetDialog }))

export function AddToQueueDialog(props: ComponentProps<typeof Queue>) {
  return (
    <Suspense fallback={null}>
      <Queue {...props} />
    </Suspense>
  )
}

export function AddToDatasetDialog(props: ComponentProps<typeof Dataset>) {
  return (
    <Suspense fallback={null}>
      <Dataset {...props} />
    </Suspense>
  )
}
