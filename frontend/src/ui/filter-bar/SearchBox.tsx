// Full-text search with a choice of where. "/" focuses it; the URL follows a moment after the typing stops.
import { useEffect, useRef, useState } from 'react'

import { IconButton } from '../Button'
import { Checkbox } from '../Field'
import { Icon } from '../Icon'
import { Popover } from '../Popover'
import { Kbd } from '../Badge'
import styles from './FilterBar.module.css'

export interface SearchPlace {
  id: string
  label: string
}

export function SearchBox({ label, value, onChange, places, searchIn, onSearchIn }: {
  label: string
  value: string
  onChange: (value: string) => void
  places?: readonly SearchPlace[]
  searchIn?: readonly string[]
  onSearchIn?: (places: string[]) => void
}) {
  const ref = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState(value)
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    setSeen(value)
    setDraft(value)
  }

  useEffect(() => {
    if (draft === value) return
    const timer = setTimeout(() => onChange(draft), 300)
    return () => clearTimeout(timer)
  }, [draft, value, onChange])

  const chosen = places?.filter((place) => searchIn?.includes(place.id)) ?? []
  const where = chosen.length === 0 || chosen.length === places?.length ? 'everywhere' : chosen.map((place) => place.label).join(', ')

  return (
    <div className={styles.searchBox}>
      <Icon name="search" size={14} />
      <input
        ref={ref}
        type="search"
        data-shortcut="search"
        className={styles.searchInput}
        placeholder={label}
        aria-label={label}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange(draft)
          if (event.key === 'Escape') {
            if (draft !== '') setDraft('')
            else ref.current?.blur()
          }
        }}
      />
      {draft !== '' ? (
        <IconButton
          icon="close"
          label="Clear search"
          size="sm"
          onClick={() => {
            setDraft('')
            onChange('')
            ref.current?.focus()
          }}
        />
      ) : (
        <Kbd>/</Kbd>
      )}
      {places && onSearchIn ? (
        <Popover
          label="Where to search"
          align="end"
          width={190}
          trigger={(trigger) => (
            <button type="button" {...trigger} className={styles.where} aria-label={`Search in: ${where}`}>
              {where}
              <Icon name="chevronDown" size={11} />
            </button>
          )}
        >
          {() => (
            <div className={styles.places}>
              {places.map((place) => (
                <Checkbox
                  key={place.id}
                  label={place.label}
                  checked={chosen.length === 0 || chosen.includes(place)}
                  onChange={() => {
                    const current = chosen.length === 0 ? places : chosen
                    const next = current.includes(place) ? current.filter((entry) => entry !== place) : [...current, place]
                    onSearchIn(next.length === 0 || next.length === places.length ? [] : next.map((entry) => entry.id))
                  }}
                />
              ))}
            </div>
          )}
        </Popover>
      ) : null}
    </div>
  )
}
