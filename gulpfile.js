const { dest, src, watch } = require('gulp');

const ASSETS = '{nodes,credentials}/**/*.{svg,json}';

/** Copies what tsc leaves behind into dist, or where DIST says: the icons and the codex files. */
function assets() {
	return src(ASSETS, { encoding: false }).pipe(dest(process.env.DIST ?? 'dist'));
}

/** Does that now and on each change, for `npm run dev`. */
function watchAssets() {
	return watch(ASSETS, { ignoreInitial: false }, assets);
}

exports.assets = assets;
exports.watch = watchAssets;
exports.default = assets;
