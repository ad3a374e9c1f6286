// Puts the router and the query cache together; a session that has ended leads to the sign-in page from anywhere.
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'

import { onSessionEnded } from '../api/client'
import { meQuery } from '../api/queries'
import { queryClient, router } from '../routes/router'
import { Toaster } from '../ui/Toast'
import { TooltipLayer } from '../ui/Tooltip'

export function App() {
  useEffect(
    () =>
      onSessionEnded(() => {
        const { pathname, href } = router.state.location
        // Before anyone has signed in there is no session to end: the route itself leads to the sign-in page.
        if (pathname !== '/sign-in' && queryClient.getQueryData(meQuery().queryKey)) void router.navigate({ to: '/sign-in', search: { return: href, ended: '1' } })
      }),
    [],
  )
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster />
      <TooltipLayer />
    </QueryClientProvider>
  )
}
