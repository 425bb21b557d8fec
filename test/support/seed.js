// The random tests draw the same ones again where SEED is set: .ci/run sets it, and a failure prints its own.
if (process.env.SEED) require('fast-check').configureGlobal({ seed: Number(process.env.SEED) });
