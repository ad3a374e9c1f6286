import { expect, it } from 'vitest'

import { readPreview } from './preview'

it.each([
  ['a conversation', '[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is \\"it\\"?"}]', 'Be brief. · Where is "it"?'],
  ['one that was cut', '[{"role":"user","content":[{"type":"text","text":"What is this pict', 'What is this pict'],
  ['one that was cut inside an escape', '[{"role":"user","content":"line\\nsecond \\u00', 'line\nsecond'],
  ['one with a file', '[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"@@@langfuseMedia:type=image/png|id=a', 'See'],
  ['one without words', '{"role":"assistant","content":null}', '{"role":"assistant","content":null}'],
  ['other JSON', '{"question":"Where?"}', '{"question":"Where?"}'],
  ['a text', 'see @@@langfuseMedia:type=image/png|id=a|source=bytes@@@', 'see [image/png]'],
  ['a cut reference', 'see @@@langfuseMedia:type=aud', 'see [file]'],
])('%s', (_, text, read) => expect(readPreview(text)).toBe(read))
