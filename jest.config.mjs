/** One config, five tiers: unit (beside the code), integration, e2e, browser, faults. See docs/testing.md. */
const REQUIRED_ESM = '/node_modules/content-disposition/.+\\.js$';
const common = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
    // @fastify/static requires this ES module, which Node does from 20.19 on, and Jest only on Node 24.
    [REQUIRED_ESM]: ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!content-disposition/)`],
  // Jest has no condition of its own that could name the sources in `imports`, nor does it look for .ts behind .js.
  moduleNameMapper: {
    '^#([a-z]+)/(.*)\\.js$': '<rootDir>/libs/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testEnvironment: 'node',
  rootDir: import.meta.dirname,
};
const tier = (displayName, testMatch, more = {}) => ({ ...common, displayName, testMatch, ...more });

export default {
  testTimeout: 60_000,
  testSequencer: '<rootDir>/tests/support/longest-first.mjs',
  projects: [
    tier('unit', ['<rootDir>/libs/**/*.spec.ts', '<rootDir>/apps/**/*.spec.ts']),
    tier('integration', ['<rootDir>/tests/integration/**/*.spec.ts']),
    tier('browser', ['<rootDir>/tests/browser/**/*.spec.ts']),
    tier('e2e', ['<rootDir>/tests/e2e/**/*.spec.ts']),
    tier('faults', ['<rootDir>/tests/faults/**/*.spec.ts']),
  ],
};
