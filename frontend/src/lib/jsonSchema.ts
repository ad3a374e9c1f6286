// A first look at whether a value satisfies a JSON Schema, so that a form can say so before it is sent. Knows the common
// keywords and passes what it does not know: the server has the last word.

type Schema = Record<string, unknown>

const MAX_PROBLEMS = 5

export function schemaProblems(schema: unknown, value: unknown): string[] {
  const problems: string[] = []
  check(schema, value, '$', problems, 0)
  return problems.slice(0, MAX_PROBLEMS)
}

function check(schema: unknown, value: unknown, path: string, problems: string[], depth: number): void {
  if (!isObject(schema) || depth > 40 || problems.length >= MAX_PROBLEMS || '$ref' in schema) return
  const types = Array.isArray(schema.type) ? schema.type : schema.type == null ? [] : [schema.type]
  if (types.length > 0 && !types.some((type) => hasType(value, String(type)))) {
    problems.push(`${path} must be ${types.map(String).join(' or ')}`)
    return
  }
  if (Array.isArray(schema.enum) && !schema.enum.some((entry) => same(entry, value))) problems.push(`${path} must be one of ${schema.enum.map((entry) => JSON.stringify(entry)).join(', ').slice(0, 120)}`)
  if ('const' in schema && !same(schema.const, value)) problems.push(`${path} must be ${JSON.stringify(schema.const).slice(0, 80)}`)
  if (typeof value === 'string') checkText(schema, value, path, problems)
  else if (typeof value === 'number') checkNumber(schema, value, path, problems)
  else if (Array.isArray(value)) checkArray(schema, value, path, problems, depth)
  else if (isObject(value)) checkObject(schema, value, path, problems, depth)
}

function checkText(schema: Schema, value: string, path: string, problems: string[]): void {
  const length = Array.from(value).length
  if (typeof schema.minLength === 'number' && length < schema.minLength) problems.push(`${path} needs at least ${schema.minLength} characters`)
  if (typeof schema.maxLength === 'number' && length > schema.maxLength) problems.push(`${path} may have at most ${schema.maxLength} characters`)
}

function checkNumber(schema: Schema, value: number, path: string, problems: string[]): void {
  if (typeof schema.minimum === 'number' && value < schema.minimum) problems.push(`${path} must be at least ${schema.minimum}`)
  if (typeof schema.maximum === 'number' && value > schema.maximum) problems.push(`${path} must be at most ${schema.maximum}`)
}

function checkArray(schema: Schema, value: unknown[], path: string, problems: string[], depth: number): void {
  if (typeof schema.minItems === 'number' && value.length < schema.minItems) problems.push(`${path} needs at least ${schema.minItems} entries`)
  if (typeof schema.maxItems === 'number' && value.length > schema.maxItems) problems.push(`${path} may have at most ${schema.maxItems} entries`)
  if (isObject(schema.items)) for (const [index, entry] of value.entries()) check(schema.items, entry, `${path}[${index}]`, problems, depth + 1)
}

function checkObject(schema: Schema, value: Schema, path: string, problems: string[], depth: number): void {
  if (Array.isArray(schema.required)) for (const key of schema.required) if (typeof key === 'string' && !Object.hasOwn(value, key)) problems.push(`${path}.${key} is missing`)
  const properties = isObject(schema.properties) ? schema.properties : {}
  for (const [key, entry] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) check(properties[key], entry, `${path}.${key}`, problems, depth + 1)
    else if (schema.additionalProperties === false && !('patternProperties' in schema)) problems.push(`${path}.${key} is not allowed`)
  }
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null': return value === null
    case 'integer': return typeof value === 'number' && Number.isInteger(value)
    case 'array': return Array.isArray(value)
    case 'object': return isObject(value)
    default: return typeof value === type
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
