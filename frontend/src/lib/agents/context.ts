// How full a model's context is. Only windows that their makers publish stand here; for any other model the caller compares
// turns with each other instead.

const WINDOWS: readonly [RegExp, number][] = [
  [/\[1m\]/, 1_000_000],
  [/claude-(?:3|instant|2\.1)|claude-(?:opus|sonnet|haiku)-4(?!\d)/, 200_000],
  [/gpt-5(?:\.\d)?(?:-(?:codex|mini|nano|pro))?(?:-(?:mini|max))?(?:-\d{4}-\d\d-\d\d)?$/, 400_000],
  [/gpt-4\.1/, 1_047_576],
  [/gpt-4o/, 128_000],
  [/(?:^|\/)o[34](?:-mini|-pro)?(?:-\d{4}-\d\d-\d\d)?$/, 200_000],
  [/gemini-(?:2\.[05]|3)/, 1_048_576],
]

export interface ContextUse {
  tokens: number
  /** 0 to 1. */
  share: number
  /** The model's window, or null when `share` is of the session's largest. */
  window: number | null
}

export function windowOf(model: string | null | undefined): number | null {
  if (model == null) return null
  const name = model.toLowerCase()
  return WINDOWS.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** More tokens than the window says that the window is another one: then it is unknown. */
export function contextUse(tokens: number, model: string | null | undefined, largest: number): ContextUse {
  const window = windowOf(model)
  if (window != null && tokens <= window && largest <= window) return { tokens, share: tokens / window, window }
  return { tokens, share: largest > 0 ? tokens / largest : 0, window: null }
}
