// Lint rules: the strict type-checked set of typescript-eslint, React's hook rules, and our own bans.
import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/generated', 'test-results', 'playwright-report'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'package', package: '@tanstack/router-core', name: ['Redirect', 'NotFoundError'] }] }],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Trace content is hostile: build React nodes.' },
        { property: 'outerHTML', message: 'Trace content is hostile: build React nodes.' },
        { property: 'insertAdjacentHTML', message: 'Trace content is hostile: build React nodes.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Trace content is hostile: build React nodes.' },
      ],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'max-lines': ['error', { max: 500 }],
    },
  },
  {
    files: ['src/lib/**', 'src/ui/**', 'src/api/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '/(features|app|routes|mock)/', message: 'lib, ui and api know no features.' }] }],
    },
  },
  {
    files: ['src/features/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '/(app|routes|mock)/', message: 'features know neither app nor routes.' }] }],
    },
  },
  // Playwright's fixtures are given a function called `use`.
  { files: ['e2e/**'], rules: { 'react-hooks/rules-of-hooks': 'off' } },
  { files: ['scripts/**/*.mjs'], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
  { files: ['public/**/*.js'], languageOptions: { globals: { document: 'readonly', localStorage: 'readonly' } } },
)
