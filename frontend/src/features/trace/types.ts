// How each type of observation looks: icon, colour, name. Types come from outside, so an unknown one looks like a span.
import type { IconName } from '../../ui/Icon'

interface TypeLook {
  icon: IconName
  color: string
  label: string
}

const LOOKS = new Map<string, TypeLook>(
  (['GENERATION', 'TOOL', 'AGENT', 'CHAIN', 'RETRIEVER', 'EMBEDDING', 'EVALUATOR', 'GUARDRAIL', 'EVENT', 'SPAN'] as const).map((type) => {
    const name = type.toLowerCase() as Lowercase<typeof type>
    return [type, { icon: name, color: `var(--type-${name})`, label: type.charAt(0) + name.slice(1) }]
  }),
)
const SPAN: TypeLook = { icon: 'span', color: 'var(--type-span)', label: 'Span' }
const TRACE: TypeLook = { icon: 'traces', color: 'var(--accent)', label: 'Trace' }

export function lookOf(type: string): TypeLook {
  return LOOKS.get(type) ?? (type === 'TRACE' ? TRACE : SPAN)
}
