import { describe, expect, it } from 'vitest'

import { agentOfTrace, commitPage, confidenceWords, methodWords, repositoryName, repositoryPage } from './names'
import { changesOfArguments, lookOfTool, readFacts, summarize } from './tools'

describe('what a tool call is about', () => {
  it.each([
    ['{"command":"python3 -m pytest -q","description":"Run tests"}', 'python3 -m pytest -q'],
    ['{"file_path":"/home/dev/shop/cart.py","old_string":"a"}', '/home/dev/shop/cart.py'],
    ['{"pattern":"TODO","path":"shop"}', 'TODO in shop'],
    ['{"command":["bash","-lc","ls -l"]}', 'ls -l'],
    ['{"command":"echo one\\necho two"}', 'echo one …'],
    ['{"input":"*** Begin Patch\\n*** Update File: a.py\\n@@\\n-x\\n+y\\n*** Add File: b.py\\n+z"}', 'a.py and 1 more'],
    ['{"todos":[{"content":"a"},{"content":"b"}]}', '2 items'],
    // Cut in the middle, as previews are.
    ['{"command":"git commit -m \\"Apply the dis', 'git commit -m "Apply the dis'],
    ['{"file_path":"/a/b.py","old_string":"unfinish', '/a/b.py'],
    ['', ''], ['{}', ''], ['[1,2]', ''],
  ])('%s', (input, expected) => {
    expect(summarize(input)).toBe(expected)
  })

  it('knows the tools of every agent by name', () => {
    expect(['Bash', 'exec_command', 'run_shell_command'].map(lookOfTool)).toEqual(['terminal', 'terminal', 'terminal'])
    expect(['Edit', 'apply_patch', 'write_file'].map(lookOfTool)).toEqual(['edit', 'edit', 'edit'])
    expect([lookOfTool('mcp__github__search'), lookOfTool('Task'), lookOfTool(null)]).toEqual(['search', 'agent', 'tool'])
  })

  it('reads facts whether they are texts or values, and never makes an exit code up', () => {
    const facts = readFacts({ 'command.exit_code': '1', 'tool.success': 'true', 'decision.outcome': 'reject', 'decision.source': 'user_permanent', 'file.changes': '[{"operation":"UPDATE","path":"a","lines_added":1,"diff":"@@"},{"nonsense":1}]' })
    expect(facts).toMatchObject({ exitCode: 1, success: true, decision: 'reject', decidedBy: 'by the user, from now on' })
    expect(facts.changes).toEqual([{ operation: 'UPDATE', path: 'a', newPath: null, added: 1, removed: null, diff: '@@' }])
    expect(readFacts({ 'command.exit_code': '' }).exitCode).toBeNull()
    expect(readFacts(null)).toMatchObject({ exitCode: null, success: null, decision: null, changes: [] })
    expect(readFacts({ 'file.changes': '[{"path":' }).changes).toEqual([])
    const cut = '[{"operation":"UPDATE","path":"/a/b.py","lines_added":12,"lines_removed":3,"diff":"@@ -1 +1'
    expect(readFacts({ 'tool.name': 'Edit', 'file.changes': cut }).changes).toEqual([{ operation: 'UPDATE', path: '/a/b.py', newPath: null, added: 12, removed: 3, diff: null }])
    // A patch may go on with other files behind the cut.
    expect(readFacts({ 'tool.name': 'apply_patch', 'file.changes': cut }).changes).toEqual([])
  })

  it('reads edits from arguments', () => {
    expect(changesOfArguments('{"file_path":"a","old_string":"x","new_string":"y"}')).toEqual([{ path: 'a', before: 'x', after: 'y' }])
    expect(changesOfArguments({ file_path: 'a', content: 'new' })).toEqual([{ path: 'a', before: '', after: 'new' }])
    expect(changesOfArguments({ file_path: 'a', edits: [{ old_string: 'x', new_string: 'y' }, 7] })).toHaveLength(1)
    expect(changesOfArguments('nonsense')).toEqual([])
  })
})

describe('names', () => {
  it('of repositories, and their pages', () => {
    expect(['git@github.com:acme/shop.git', 'https://github.com/acme/shop', 'ssh://git@host/acme/shop.git', 'shop'].map(repositoryName)).toEqual(['acme/shop', 'acme/shop', 'acme/shop', 'shop'])
    expect(repositoryPage('git@github.com:acme/shop.git')).toBe('https://github.com/acme/shop')
    expect(commitPage('https://gitlab.example/acme/shop.git', 'abcdef1')).toBe('https://gitlab.example/acme/shop/-/commit/abcdef1')
    for (const bad of ['javascript:alert(1)', 'file:///etc/passwd', 'https://user:pass@host/x/y', null, '/srv/git/shop']) expect(repositoryPage(bad)).toBeNull()
    expect(commitPage('https://github.com/acme/shop', '../../evil')).toBeNull()
  })

  it('of links', () => {
    expect(methodWords('hook_environment')).toContain('hook')
    expect(methodWords('some_new_way')).toBe('some new way')
    expect([1, 0.95, 0.7, 0.2].map(confidenceWords)).toEqual(['certain', 'very likely', 'likely', 'possible'])
  })

  it('of the agent whose trace it is', () => {
    expect(agentOfTrace({ id: 'x', tags: [], metadata: { 'agent.name': 'codex' } })).toBe('codex')
    expect(agentOfTrace({ id: 'claude-code-1', tags: ['claude-code'], metadata: null })).toBe('claude-code')
    expect(agentOfTrace({ id: 'claude-code-1', tags: [], metadata: {} })).toBeNull()
  })
})
