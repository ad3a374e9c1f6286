// The return address after signing in can only be a page of this site.
import { describe, expect, it } from 'vitest'

import { safeReturnPath } from './paths'

describe('safeReturnPath', () => {
  it.each([
    ['/project/p/traces?range=1h', '/project/p/traces?range=1h'],
    [undefined, '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/\t/evil.example', '/'],
    ['/sign-in?return=/x', '/'],
  ])('%j is %j', (path, expected) => expect(safeReturnPath(path)).toBe(expected))
})
