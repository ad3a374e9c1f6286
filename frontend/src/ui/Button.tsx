// Buttons: a labelled one in four weights, and one that is only an icon (its label is the accessible name and the tooltip).
import type { ComponentProps, ReactNode } from 'react'

import styles from './Button.module.css'
import { cx } from './cx'
import { Icon, type IconName } from './Icon'
import { Spinner } from './Feedback'

type Variant = 'primary' | 'default' | 'ghost' | 'danger'

interface ButtonProps extends ComponentProps<'button'> {
  variant?: Variant
  icon?: IconName
  iconEnd?: IconName
  busy?: boolean
  active?: boolean
  children: ReactNode
}

export function Button({ variant = 'default', icon, iconEnd, busy = false, active = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} disabled={disabled === true || busy} className={cx(styles.button, styles[variant], active && styles.active, className)}>
      {busy ? <Spinner size={14} /> : icon ? <Icon name={icon} size={14} /> : null}
      <span className={styles.label}>{children}</span>
      {iconEnd ? <Icon name={iconEnd} size={12} /> : null}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  icon: IconName
  label: string
  size?: 'sm' | 'md'
  filled?: boolean
  active?: boolean
  tone?: 'default' | 'danger' | 'star'
  /** Text of the tooltip when it says more than the label. */
  tip?: string
}

export function IconButton({ icon, label, size = 'md', filled = false, active = false, tone = 'default', tip, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      data-tip={tip ?? label}
      className={cx(styles.iconButton, size === 'sm' && styles.small, active && styles.active, tone === 'danger' && styles.toneDanger, tone === 'star' && styles.toneStar, className)}
    >
      <Icon name={icon} size={size === 'sm' ? 14 : 16} filled={filled} />
    </button>
  )
}
