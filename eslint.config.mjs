import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * The flow of docs/architecture.md: which lib may import which. Nothing else is allowed; apps may import any lib
 * but no other app, except standalone, which is web and worker in one process.
 */
const MAY_IMPORT = {
  kernel: [],
  database: ['kernel'],
  queue: ['kernel', 'database'],
  rendering: ['kernel'],
  audience: ['kernel', 'database', 'queue'],
  content: ['kernel', 'database', 'queue'],
  digest: ['kernel', 'database', 'queue', 'audience', 'content', 'rendering'],
  delivery: ['kernel', 'database', 'queue', 'audience', 'digest', 'rendering'],
  feedback: ['kernel', 'database', 'queue', 'audience', 'delivery', 'digest'],
  operators: ['kernel', 'database', 'queue'],
  contract: [],
};
const LIBS = Object.keys(MAY_IMPORT);

const flow = LIBS.map((lib) => {
  const forbidden = LIBS.filter((other) => other !== lib && !MAY_IMPORT[lib].includes(other));
  return {
    files: [`libs/${lib}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...forbidden.map((other) => ({
              regex: `^#${other}/`, // not a group: there, as in .gitignore, # begins a comment
              message: `libs/${lib} may not import libs/${other}: it is against the flow (docs/architecture.md).`,
            })),
            { regex: '^(\\.\\./)+(libs|apps)/', message: 'Import another lib by its #name, never by path.' },
            { regex: `^#${lib}/`, message: 'Inside a lib, import by relative path.' },
            {
              regex:
                '^#rendering/(edition/(edition-compiler|variant|variant-lines)|proof/check-template|mail/mail-templates|template/(mjml|liquid))\\.js$',
              allowTypeImports: true,
              message: "Operators' Liquid and MJML run in a process of their own: use the Renderer.",
            },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'data/',
      'coverage/',
      'libs/database/migrations/',
      'libs/contract/src/operator-api.ts', // made by npm run api:types
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, importX.flatConfigs.typescript],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Reads worse than the guard it asks for when the value crosses a network or a database.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Several deliberately generic signatures name their result: parse<T>(), query<T>().
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'import-x/no-cycle': 'error',
      // Options of frameworks are classes in their types and plain objects in all their docs.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'URL',
          property: 'canParse',
          message: 'Wrong in Node 20 and 22: use readUrl (libs/kernel/src/input/read-url.ts).',
        },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  ...flow,
  {
    files: ['apps/web/**/*.ts', 'apps/worker/**/*.ts', 'apps/cli/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+(web|worker|standalone|cli)/',
              message: 'An app may not import another app.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['apps/cli/**/*.ts', 'tests/**/*.ts', 'scripts/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
);
