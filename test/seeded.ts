import fc from 'fast-check';

/**
 * fast-check with a fixed seed: a test that fails must fail again. Other cases are tried by `FC_SEED=<number> npm test`.
 */
fc.configureGlobal({seed: Number(process.env['FC_SEED'] ?? 20_191_102)});

export {fc};
