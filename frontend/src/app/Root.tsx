// The outermost route: only an outlet. Shells differ between the sign-in page and the rest.
import { Outlet } from '@tanstack/react-router'

export function Root() {
  return <Outlet />
}
