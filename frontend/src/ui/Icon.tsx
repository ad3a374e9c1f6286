// The icon set: 16-pixel line drawings on one grid, drawn for this product. Decorative by default: the control that holds one carries the name.
import styles from './Icon.module.css'

const PATHS = {
  traces: 'M2 3.5h7M5 8h9M3.5 12.5h6',
  sessions: 'M2.5 3.5h8v5h-5l-3 2.5zM12.5 6.5h1v7l-2.5-2h-4v-.8',
  settings: 'M2 5h6M12 5h2M2 11h2M8 11h6M10 3.2v3.6M6 9.2v3.6',
  key: 'M9.2 6.8a3 3 0 1 1 .1 2.6M9 8H2.2v2.4M5 8v1.8',
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.8 10.8 14 14',
  filter: 'M2 3.5h12M4.5 8h7M6.8 12.5h2.4',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5',
  chevronDown: 'M4 6.2 8 10l4-3.8',
  chevronRight: 'M6.2 4 10 8l-3.8 4',
  chevronLeft: 'M9.8 4 6 8l3.8 4',
  chevronUp: 'M4 9.8 8 6l4 3.8',
  chevrons: 'M5 6.2 8 3.4l3 2.8M5 9.8l3 2.8 3-2.8',
  arrowUp: 'M8 13V3.4M4.2 7 8 3.2 11.8 7',
  arrowDown: 'M8 3v9.6M4.2 9 8 12.8 11.8 9',
  check: 'M3 8.5 6.5 12 13 4.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  star: 'm8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  link: 'M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.2-2.2a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.5 8.8a2.6 2.6 0 0 0 3.7 3.7l.7-.7',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.8 6.8v4M9.2 6.8v4',
  download: 'M8 2.5v7.8M4.8 7.3 8 10.5l3.2-3.2M2.5 13.5h11',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z',
  monitor: 'M2 3h12v8H2zM6 13.5h4',
  user: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8a5.3 5.3 0 0 1 10.4 0',
  logout: 'M6.5 2.5h-4v11h4M10 5l3.2 3L10 11M13 8H6',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.4 6.3a1.7 1.7 0 1 1 2.4 1.6c-.6.3-.8.6-.8 1.2M8 11.2v.1',
  warning: 'M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.3v.1',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.6M8 10.9v.1',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5.2v.1',
  refresh: 'M13 4v3h-3M13 7A5.3 5.3 0 1 0 13.2 9.5',
  menu: 'M2 4h12M2 8h12M2 12h12',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  expand: 'M4 6.5 8 10.5l4-4M4 2.5 8 6.5l4-4',
  collapse: 'M4 6.5 8 2.5l4 4M4 13.5l4-4 4 4',
  tree: 'M3 2.5v9.5h4M3 6h4M9 4.5h5v3H9zM9 10.5h5v3H9z',
  timeline: 'M2 3.5h5M5 8h6M8.5 12.5H14',
  split: 'M2.5 3h11v10h-11zM8 3v10',
  zoomIn: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.8 10.8 14 14M5 7h4M7 5v4',
  zoomOut: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM10.8 10.8 14 14M5 7h4',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  wrap: 'M2 4h12M2 8h9.5a2.2 2.2 0 0 1 0 4.5H8M9.5 10.8 7.8 12.5l1.7 1.7M2 12.5h3',
  drag: 'M6 4h.1M10 4h.1M6 8h.1M10 8h.1M6 12h.1M10 12h.1',
  play: 'M4.5 3 12 8l-7.5 5z',
  pause: 'M5 3v10M11 3v10',
  density: 'M2 3h12M2 6.3h12M2 9.7h12M2 13h12',
  external: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
  panel: 'M2.5 3h11v10h-11zM6.2 3v10',
  // Observation types
  generation: 'M8 1.8 9.6 6.4 14.2 8 9.6 9.6 8 14.2 6.4 9.6 1.8 8l4.6-1.6z',
  tool: 'M13.3 4.7 11 7 9 5l2.3-2.3a3.6 3.6 0 0 0-4.6 4.6L2.5 11.5l2 2 4.2-4.2a3.6 3.6 0 0 0 4.6-4.6z',
  agent: 'M3 6h10v7H3zM8 6V3M8 3h.1M6 9h.1M10 9h.1M1.5 8.5v2M14.5 8.5v2',
  chain: 'M5.5 5H4a3 3 0 0 0 0 6h1.5M10.5 5H12a3 3 0 0 1 0 6h-1.5M5.5 8h5',
  span: 'M2.5 5.5v5M13.5 5.5v5M2.5 8h11',
  event: 'M8.8 2 4 9h3.6L7 14l4.9-7H8.2z',
  retriever: 'M2.5 4.2C2.5 3 5 2.3 8 2.3s5.5.7 5.5 1.9S11 6 8 6 2.5 5.4 2.5 4.200zM2.5 4.200v7.600c0 1.2 2.5 1.9 5.5 1.900s5.5-.7 5.5-1.900V4.200M2.5 8c0 1.2 2.5 1.9 5.5 1.900s5.5-.7 5.5-1.9',
  embedding: 'M3.5 3.500h.1M8 3.500h.1M12.5 3.500h.1M3.5 8h.1M8 8h.1M12.5 8h.1M3.5 12.500h.1M8 12.500h.1M12.5 12.500h.1',
  evaluator: 'M8 2v11M4 13.500h8M3 4.500h10M3 4.5 1.5 9h3zM13 4.5 11.5 9h3z',
  guardrail: 'M8 1.8 13 3.600v4c0 3.2-2.2 5.3-5 6.6-2.8-1.3-5-3.4-5-6.600v-4z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 16, filled = false, label }: { name: IconName; size?: number; filled?: boolean; label?: string }) {
  return (
    <svg
      className={styles.icon}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={filled ? 'currentColor' : 'none'}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
