/** An unsigned number, most significant byte first; NaN where the bytes end before it does. */
export function uintBE(bytes: Uint8Array, at: number, length: number): number {
	let value = 0;
	for (let i = at; i < at + length; i++) value = value * 256 + bytes[i];
	return value;
}

/** An unsigned number, least significant byte first; NaN where the bytes end before it does. */
export function uintLE(bytes: Uint8Array, at: number, length: number): number {
	let value = 0;
	for (let i = at + length - 1; i >= at; i--) value = value * 256 + bytes[i];
	return value;
}

/** Bytes as text, one character a byte (ISO 8859-1); shorter where the bytes end before. */
export function latin1(bytes: Uint8Array, at: number, length: number): string {
	return String.fromCharCode(...bytes.subarray(at, at + length));
}
