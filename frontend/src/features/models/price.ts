// Prices are kept a unit; people read them a million units.
const digits = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6, minimumFractionDigits: 2 })

export function perMillion(price: number | null | undefined): string {
  return price == null ? '–' : `$${digits.format(price * 1e6)}`
}
