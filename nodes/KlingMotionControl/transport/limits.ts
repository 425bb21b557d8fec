/** What bounds a single exchange with the network. Times in ms, sizes in bytes. */
export interface Limits {
	/** for a JSON answer, from sending the request to the end of the body */
	answerTime: number;
	/** for the answer to a submit: longer, since one that is given up may have been accepted */
	submitTime: number;
	/** for the answer to an upload, which comes after the whole file went out */
	uploadTime: number;
	/** for the body of a JSON answer */
	answerBytes: number;
	/** for one try of a download, as a whole */
	downloadTime: number;
	/** for a download without a single byte */
	stallTime: number;
	/** for an answer of the request history */
	historyTime: number;
	/** for the same after a stop */
	briefTime: number;
	/** for the look at a reference's URL, as a whole */
	checkTime: number;
	/** for the part of a reference that is looked at */
	checkBytes: number;
	/** how often a download is tried */
	downloadTries: number;
}

/** The limits outside tests. */
export const LIMITS: Limits = {
	answerTime: 30_000,
	submitTime: 120_000,
	uploadTime: 10 * 60_000,
	answerBytes: 1024 * 1024,
	downloadTime: 20 * 60_000,
	stallTime: 60_000,
	historyTime: 15_000,
	briefTime: 2_000,
	checkTime: 10_000,
	checkBytes: 64 * 1024,
	downloadTries: 5,
};
