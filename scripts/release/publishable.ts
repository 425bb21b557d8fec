// Refuses what may not be published, and says why. package.json is the place for the owner's values.
//   tsx scripts/release/publishable.ts [TAG]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { refusals, type Manifest } from './refusals';
import { pack } from './tarball';

const folder = mkdtempSync(join(tmpdir(), 'publishable-'));
try {
	const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
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
