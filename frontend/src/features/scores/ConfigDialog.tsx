// Creates or changes a score config. The type of a config stays as it is: scores of one name must mean one thing.
import { useState } from 'react'

import type { ScoreConfig } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Dialog, DialogForm } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { Select, TextArea, TextField } from '../../ui/Field'
import { toast } from '../../ui/Toast'
import { useSaveConfig } from './queries'
import styles from './scores.module.css'

interface Category {
  label: string
  value: string
}

const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text))

export function ConfigDialog({ projectId, config, onClose }: { projectId: string; config: ScoreConfig | null; onClose: () => void }) {
  const save = useSaveConfig(projectId)
  const [name, setName] = useState(config?.name ?? '')
  const [dataType, setDataType] = useState(config?.dataType ?? 'NUMERIC')
  const [min, setMin] = useState(config?.minValue == null ? (config ? '' : '0') : String(config.minValue))
  const [max, setMax] = useState(config?.maxValue == null ? (config ? '' : '1') : String(config.maxValue))
  const [categories, setCategories] = useState<Category[]>(config?.categories?.map((category) => ({ label: category.label, value: String(category.value) })) ?? [{ label: 'good', value: '1' }, { label: 'bad', value: '0' }])
  const [description, setDescription] = useState(config?.description ?? '')

  const labels = categories.map((category) => category.label.trim())
  const values = categories.map((category) => Number(category.value))
  const problem = name.trim() === '' ? 'name' : dataType === 'NUMERIC' ? ((min !== '' && !isNumber(min)) || (max !== '' && !isNumber(max)) ? 'Limits are numbers' : min !== '' && max !== '' && Number(min) >= Number(max) ? 'The lowest value must be below the highest' : null)
    : dataType === 'CATEGORICAL' ? (categories.length === 0 || labels.includes('') ? 'Each category needs a label' : new Set(labels).size < labels.length ? 'Two categories have the same label' : categories.some((category) => !isNumber(category.value)) ? 'Each category needs a number' : new Set(values).size < values.length ? 'Two categories have the same number' : null)
    : null
  const setCategory = (index: number, change: Partial<Category>) => setCategories(categories.map((category, at) => (at === index ? { ...category, ...change } : category)))

  const submit = async () => {
    const limits = dataType === 'NUMERIC' ? { minValue: min === '' ? null : Number(min), maxValue: max === '' ? null : Number(max) } : {}
    const choices = dataType === 'CATEGORICAL' ? { categories: categories.map((category) => ({ label: category.label.trim(), value: Number(category.value) })) } : {}
    const said = description.trim()
    if (config) await save.mutateAsync({ id: config.id, body: { name: name.trim(), ...limits, ...choices, description: said === '' ? null : said } })
    else await save.mutateAsync({ id: null, body: { name: name.trim(), dataType, ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value != null)), ...choices, ...(said === '' ? {} : { description: said }) } })
    toast('Config saved. New scores are held to it within a minute.')
    onClose()
  }
  return (
    <Dialog title={config ? 'Edit score config' : 'New score config'} onClose={onClose} width={520}>
      <DialogForm submitLabel={config ? 'Save' : 'Create config'} disabled={problem != null} onSubmit={submit} onCancel={onClose}>
        <div className={styles.two}>
          <TextField label="Name" autoFocus maxLength={35} placeholder="helpfulness" value={name} onChange={(event) => setName(event.target.value)} />
          <Select label="Type" value={dataType} disabled={config != null} onChange={(event) => setDataType(event.target.value)}>
            <option value="NUMERIC">Number</option>
            <option value="BOOLEAN">Yes / no</option>
            <option value="CATEGORICAL">Category</option>
            <option value="TEXT">Text</option>
          </Select>
        </div>
        {dataType === 'NUMERIC' ? (
          <div className={styles.two}>
            <TextField label="Lowest (optional)" inputMode="decimal" value={min} onChange={(event) => setMin(event.target.value)} />
            <TextField label="Highest (optional)" inputMode="decimal" value={max} onChange={(event) => setMax(event.target.value)} />
          </div>
        ) : null}
        {dataType === 'CATEGORICAL' ? (
          <fieldset className={styles.categories}>
            <legend>Categories, each with a number for averages</legend>
            {categories.map((category, index) => (
              <div key={index} className={styles.category}>
                <TextField label={`Category ${index + 1}`} hideLabel placeholder="label" value={category.label} onChange={(event) => setCategory(index, { label: event.target.value })} />
                <TextField label={`Number of category ${index + 1}`} hideLabel inputMode="decimal" value={category.value} onChange={(event) => setCategory(index, { value: event.target.value })} />
                <IconButton icon="close" label={`Remove category ${index + 1}`} size="sm" disabled={categories.length === 1} onClick={() => setCategories(categories.filter((_, at) => at !== index))} />
              </div>
            ))}
            <div>
              <Button icon="plus" variant="ghost" disabled={categories.length >= 100} onClick={() => setCategories([...categories, { label: '', value: String(Math.max(-1, ...values.filter(Number.isFinite)) + 1) }])}>
                Category
              </Button>
            </div>
          </fieldset>
        ) : null}
        <TextArea label="Description (optional)" placeholder="What the score means, and when to give which value" maxLength={2000} value={description} onChange={(event) => setDescription(event.target.value)} />
        {problem != null && problem !== 'name' ? <Notice tone="warning">{problem}</Notice> : null}
        {config && name.trim() !== config.name ? <Notice tone="warning">Scores that were given keep the name “{config.name}”.</Notice> : null}
      </DialogForm>
    </Dialog>
  )
}
