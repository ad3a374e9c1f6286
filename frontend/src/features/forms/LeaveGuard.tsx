// Asks before typed text is lost: on links, on back and forward, on closing the tab.
import { useBlocker } from '@tanstack/react-router'

import { Button } from '../../ui/Button'
import { Dialog, DialogActions } from '../../ui/Dialog'

export function LeaveGuard({ dirty, what }: { dirty: boolean; what: string }) {
  const blocker = useBlocker({ shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname, enableBeforeUnload: dirty, withResolver: true })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog title="Leave without saving?" onClose={blocker.reset}>
      <p>Your changes to {what} are not saved and will be lost.</p>
      <DialogActions>
        <Button onClick={blocker.reset}>Stay</Button>
        <Button variant="danger" onClick={blocker.proceed}>
          Leave
        </Button>
      </DialogActions>
    </Dialog>
  )
}
