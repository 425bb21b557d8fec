const OLDER = /^n8n-(core|workflow)(\/|$)/;

/** Finds n8n-core and n8n-workflow in this folder, whoever asks: a test, the node, the built package, or the core itself. */
module.exports = (request, options) =>
	options.defaultResolver(request, OLDER.test(request) ? { ...options, basedir: __dirname } : options);
