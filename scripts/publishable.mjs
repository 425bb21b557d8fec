// Refuses what may not be published, and says why. package.json is the place for the owner's values.
//   tsx scripts/publishable.mjs [TAG]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { refusals } from './refusals.ts';
import { pack } from './tarball.cjs';

const folder = mkdtempSync(join(tmpdir(), 'publishable-'));
try {
	const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
	const faults = refusals({
		manifest,
		changelog: readFileSync('CHANGELOG.md', 'utf8'),
		packed: pack(folder),
		tag: process.argv[2],
		runsIn: process.env.GITHUB_REPOSITORY,
	});
	for (const fault of faults) console.error(`REFUSED ${fault}`);
	if (faults.length === 0) console.log(`${manifest.name} ${manifest.version} may be published`);
	else process.exitCode = 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
