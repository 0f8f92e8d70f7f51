import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests start real processes on a machine that may be busy; a slow test is not a wrong one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
