const { rmSync } = require('node:fs');

/** Removes what the setup made. */
module.exports = () => rmSync(globalThis.testFolder, { recursive: true, force: true });
