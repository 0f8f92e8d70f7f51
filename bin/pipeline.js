#!/usr/bin/env node
// Plain JavaScript without imports at the top, so that an old Node gets a sentence instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`pipeline needs Node.js 20.19 or newer; this is ${process.version}. See https://nodejs.org`);
  process.exit(2);
}

const {enableCompileCache} = await import('node:module');
enableCompileCache?.(); // Node 22.1 and newer

const {ensureBuilt} = await import('./build.js');
try {
  await ensureBuilt();
} catch (error) {
  console.error(`pipeline could not compile itself: ${error.message}`);
  process.exit(1);
}
await import('../dist/cli/cli.js');
