/** The part of n8n's scanner that is used here; it comes without types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	/** What n8n's rules say of a package. */
	export interface Analysis {
		passed: boolean;
		message?: string;
		/** The faults by file and line. */
		details?: string;
	}

	/** The files of a checkout that n8n looks at. */
	export const SOURCE_FILE_PATTERNS: string[];

	/** Runs n8n's rules on a folder, by default on all of its code. */
	export function analyzePackage(folder: string, patterns?: string[]): Promise<Analysis>;
}
