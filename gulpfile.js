const { dest, src } = require('gulp');

/** Copies what tsc leaves behind into dist: the icons and the codex files. */
function assets() {
	return src('{nodes,credentials}/**/*.{svg,json}', { encoding: false }).pipe(dest('dist'));
}

exports.assets = assets;
exports.default = assets;
