// The product's mark: three spans of a trace.
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent-solid)" />
      <path d="M8 9h9M12 16h12M8 23h6" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  )
}
