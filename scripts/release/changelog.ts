/**
 * The changelog with what was unreleased under the version's heading; a version that has its section keeps it.
 * @param date as YYYY-MM-DD
 */
export function released(changelog: string, version: string, date: string): string {
	if (changelog.includes(`\n## [${version}]`)) return changelog;
	return changelog.replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`);
}
